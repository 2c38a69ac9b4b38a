package import KernelLog
package import OOMReports

/// How fast a size changes: the median of the slopes between all pairs of points (Theil and Sen).
///
/// A point that is far off moves it little, unlike a line of least squares. Bytes per second.
package struct RobustSlope: Sendable, Equatable {
  package let perSecond: Double
  /// A quarter of the pairs change less than this, a quarter more than that.
  package let quartiles: ClosedRange<Double>

  /// Why there is none.
  package enum Refusal: String, Sendable, Equatable, CaseIterable {
    case fewerThanThree = "fewer-than-three-points"
    case noTime = "no-common-clock"
    /// Sizes of one moment differ by what was killed in between, not by growth.
    case tooFewMoments = "fewer-than-three-moments"
  }

  /// More points than this are thinned out, evenly: their pairs are as many as the square.
  private static let most = 300

  /// Fails with the reason where the points allow none. They are of one boot or, if not, only their
  /// wall-clock times can be compared.
  package static func of(
    _ points: [(time: LogTime, size: Bytes)], inOneBoot: Bool
  ) -> Result<RobustSlope, Refusal> {
    guard points.count >= 3 else { return .failure(.fewerThanThree) }
    guard let moments = moments(points.map(\.time), inOneBoot) else { return .failure(.noTime) }
    guard Set(moments).count >= 3 else { return .failure(.tooFewMoments) }
    let step = (points.count + most - 1) / most
    let kept = stride(from: 0, to: points.count, by: step).map {
      (seconds: Double(moments[$0]) / 1e6, bytes: Double(points[$0].size.count))
    }
    var slopes: [Double] = []
    for (index, first) in kept.enumerated() {
      for second in kept[(index + 1)...] where second.seconds > first.seconds {
        slopes.append((second.bytes - first.bytes) / (second.seconds - first.seconds))
      }
    }
    slopes.sort()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(slopes.count - 1)
      let low = Int(place)
      let high = min(low + 1, slopes.count - 1)
      return slopes[low] + (slopes[high] - slopes[low]) * (place - Double(low))
    }
    return .success(
      RobustSlope(perSecond: quantile(0.5), quartiles: quantile(0.25)...quantile(0.75)))
  }

  /// The times on one clock, in microseconds; nil where no clock shows all of them.
  private static func moments(_ times: [LogTime], _ inOneBoot: Bool) -> [Int64]? {
    let uptimes = times.compactMap(\.uptimeMicros)
    if inOneBoot, uptimes.count == times.count { return uptimes }
    let walls = times.compactMap(\.wallMicros)
    return walls.count == times.count ? walls : nil
  }

  /// Seconds until a size that is now so large reaches the whole, if it goes on like this; nil where
  /// fewer than three quarters of the pairs rise, or it is there already.
  package func secondsUntil(_ whole: Bytes, from now: Bytes) -> Double? {
    guard quartiles.lowerBound > 0, whole > now else { return nil }
    return (Double(whole.count) - Double(now.count)) / perSecond
  }
}

extension RobustSlope.Refusal: Error {}
