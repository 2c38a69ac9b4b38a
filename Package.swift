// swift-tools-version: 6.2
import PackageDescription

/// `scripts/check` and the release of a change set OOMSH_CHECK: every warning is then an error.
/// Left off for plain builds, so that a newer compiler's new warning never stops a user.
let isChecked = Context.environment["OOMSH_CHECK"] != nil

let settings: [SwiftSetting] =
  [
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (isChecked ? [.treatAllWarnings(as: .error)] : [])

let package = Package(
  name: "oomsh",
  products: [.executable(name: "oomsh", targets: ["oomsh"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .target(name: "CByteSearch"),
    .target(name: "CProse", exclude: ["en"]),
    .systemLibrary(
      name: "CEditline", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .target(name: "CPlatform"),
    .target(name: "KernelLog", dependencies: ["CByteSearch"]),
    .target(name: "OOMReports", dependencies: ["KernelLog", "CByteSearch"]),
    .target(name: "Investigation", dependencies: ["KernelLog", "OOMReports", "CProse"]),
    .target(name: "Presentation"),
    .target(name: "Platform", dependencies: ["CEditline", "CPlatform"]),
    .target(
      name: "OOMShell",
      dependencies: ["KernelLog", "OOMReports", "Investigation", "Presentation", "Platform"]),
    // All modules are named, also those that it does not import: it holds values of their types, and
    // would not be built anew where only the layout of one of those changes.
    .executableTarget(
      name: "oomsh",
      dependencies: [
        "KernelLog", "OOMReports", "Investigation", "OOMShell", "Platform", "Presentation",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    .target(
      name: "TestSupport", dependencies: ["KernelLog", "OOMReports"], path: "Tests/TestSupport"),
    .testTarget(
      name: "KernelLogTests", dependencies: ["KernelLog", "CByteSearch", "TestSupport"]),
    .testTarget(
      name: "OOMReportsTests",
      dependencies: ["OOMReports", "KernelLog", "Presentation", "TestSupport"]),
    .testTarget(
      name: "InvestigationTests",
      dependencies: ["Investigation", "OOMReports", "KernelLog", "TestSupport"]),
    .testTarget(name: "PresentationTests", dependencies: ["Presentation", "TestSupport"]),
    .testTarget(name: "PlatformTests", dependencies: ["Platform", "TestSupport"]),
    .testTarget(
      name: "OOMShellTests",
      dependencies: [
        "OOMShell", "Investigation", "OOMReports", "KernelLog", "Presentation", "Platform",
        "TestSupport",
      ]),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["oomsh", "KernelLog", "OOMReports", "Investigation", "OOMShell"]),
    .target(name: "CPseudoTerminal", path: "Tests/CPseudoTerminal"),
    .executableTarget(
      name: "LineEditorDemo", dependencies: ["Platform"], path: "Tests/LineEditorDemo"),
    .testTarget(
      name: "TerminalTests",
      dependencies: ["CPseudoTerminal", "LineEditorDemo", "oomsh", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)

/// `scripts/fuzz` sets OOMSH_FUZZ: its programs have no main function of their own and link with
/// libFuzzer only, so no other build may know them.
if Context.environment["OOMSH_FUZZ"] != nil {
  package.targets += [
    .executableTarget(
      name: "ReaderFuzzer", dependencies: ["KernelLog", "OOMReports"], path: "Tests/Fuzzers/Reader",
      swiftSettings: [
        .unsafeFlags(["-parse-as-library"]), .enableExperimentalFeature("Extern"),
      ]),
    .executableTarget(
      name: "LexerFuzzer", dependencies: ["OOMShell"], path: "Tests/Fuzzers/Lexer",
      swiftSettings: [.unsafeFlags(["-parse-as-library"])]),
  ]
}

for target in package.targets
where ![.system, .plugin, .macro].contains(target.type) && !target.name.hasPrefix("C") {
  target.swiftSettings = (target.swiftSettings ?? []) + settings
}
