package enum PlatformPlaceholder {}
