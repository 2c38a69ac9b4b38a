import KernelLog
import OOMReports
import Testing

@testable import Investigation

@Suite struct DifferenceTests {
  private func difference(_ first: Sample, _ second: Sample) -> EventDifference {
    EventDifference((first.event, first.report), (second.event, second.report))
  }

  @Test func memoryIsComparedByClass() throws {
    let first = Sample.machine(1).with(shares: ["shmem": 0.1])
    let second = Sample.machine(2).with(shares: ["shmem": 0.25]).changed {
      $0.report.memory?.freeSwap = nil
    }
    let memory = difference(first, second).memory
    let shmem = try #require(memory.first { $0.key == "shmem" })
    #expect(abs(Double(try #require(shmem.change)) - 0.15 * 8 * Double(Sample.gib)) < 8192)
    let swap = try #require(memory.first { $0.key == "swap_free" })
    #expect(swap.first == Bytes(0) && swap.second == nil && swap.change == nil)
  }

  @Test func tasksAreNewGoneOrOfAnotherSize() throws {
    let first = Sample.machine(1).with(rows: [
      Sample.row(1, "init", share: 0.1), Sample.row(2, "a", share: 0.2),
      Sample.row(3, "b", share: 0.1),
    ])
    let second = Sample.machine(2).with(rows: [
      Sample.row(1, "init", share: 0.1), Sample.row(2, "a", share: 0.5),
      Sample.row(4, "b", share: 0.1), Sample.row(5, "b", share: 0.1),
    ])
    let tasks = try #require(difference(first, second).tasks)
    #expect(tasks.isByPID)
    #expect(tasks.changed.map(\.pid) == [2] && tasks.changed[0].change > 0)
    #expect(tasks.new.map(\.pid) == [4, 5] && tasks.gone.map(\.pid) == [3])
    #expect(tasks.names.map(\.comm) == [LogText("a"), LogText("b")])
    #expect(tasks.names[1].firstCount == 1 && tasks.names[1].secondCount == 2)
  }

  @Test func aPidThatHasAnotherNameIsAnotherProcess() throws {
    let first = Sample.machine(1).with(rows: [Sample.row(2, "a", share: 0.2)])
    let second = Sample.machine(2).with(rows: [Sample.row(2, "b", share: 0.2)])
    let tasks = try #require(difference(first, second).tasks)
    #expect(tasks.changed.isEmpty && tasks.new.count == 1 && tasks.gone.count == 1)
  }

  @Test func whatATableThatIsNotWholeLacksIsNotGone() throws {
    let first = Sample.machine(1).with(rows: [Sample.row(2, "a", share: 0.2)]).changed {
      $0.report.droppedRowCount = 7
    }
    let tasks = try #require(difference(first, Sample.machine(2)).tasks)
    #expect(!tasks.isComparable && tasks.names.isEmpty && tasks.new.map(\.pid) == [100, 101])
    #expect(try #require(difference(Sample.machine(1), Sample.machine(2)).tasks).isComparable)
  }

  @Test func aTableOfACgroupListsItsOwnTasksOnly() throws {
    func isComparable(_ first: Sample, _ second: Sample) throws -> Bool {
      try #require(difference(first, second).tasks).isComparable
    }
    #expect(try isComparable(Sample.memcg(1), Sample.memcg(2)))
    #expect(try !isComparable(Sample.memcg(1), Sample.memcg(2, limit: "/other")))
    #expect(try !isComparable(Sample.memcg(1), Sample.machine(2)))
  }

  @Test func uptimesOfTwoHostsAreNotCompared() {
    let other = Sample.machine(2).changed { $0.event.host = LogText("b") }
    #expect(difference(Sample.machine(1), Sample.machine(2)).isOneBoot)
    #expect(!difference(Sample.machine(1), other).isOneBoot)
  }

  @Test func pidsOfTwoBootsAreNotCompared() throws {
    let first = Sample.machine(1)
    let second = Sample.machine(2).with(rows: [Sample.row(100, "java", share: 0.9)])
      .changed { $0.event.boot = 1 }
    let tasks = try #require(difference(first, second).tasks)
    #expect(!tasks.isByPID && tasks.changed.isEmpty && tasks.new.isEmpty && tasks.gone.isEmpty)
    #expect(tasks.names.map(\.comm) == [LogText("java"), LogText("bash")])
  }

  @Test func cgroupsAreComparedWithTheirStatistics() throws {
    let second = Sample.memcg(2, limit: "/other").changed {
      $0.report.memcg?.stats = ["anon": Cited(100 << 20, line: 1), "pgfault": Cited(9, line: 1)]
    }
    let found = difference(Sample.memcg(1), second)
    #expect(
      found.isSameCgroup == false
        && difference(Sample.memcg(1), Sample.memcg(2)).isSameCgroup == true)
    #expect(found.cgroup.map(\.key) == ["memory usage", "memory limit", "anon"])
    #expect(found.cgroup.last?.change == -400 << 20)
    #expect(difference(Sample.machine(1), Sample.memcg(2)).isSameCgroup == nil)
  }

  @Test func withoutATableThereIsNothingToCompare() {
    let without = Sample.machine(2).changed { $0.report.tasks = nil }
    #expect(difference(Sample.machine(1), without).tasks == nil)
  }
}
