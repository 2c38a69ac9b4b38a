internal import KernelLog
internal import OOMReports

/// How many processes of a pool fit into what there is.
struct WorkerLimit {
  let workers: Int64
  let computedFrom: Sentence

  /// Of RAM, or of the cgroup's limit, what the pool and all others may take.
  private static let share = 0.9

  /// Nil where the figures are missing, or the pool is not larger than that.
  init?(_ pool: Population, in evidence: Evidence) {
    guard let sample = pool.samples.last(where: { $0.high != nil && $0.whole != nil }),
      let mean = sample.mean, mean.count > 0, let whole = sample.whole,
      let found = evidence.shortages.first(where: { $0.event.number == sample.event }),
      let others = found.heldByOthers(than: pool)
    else { return nil }
    let room = Int64(Double(whole.count) * Self.share) - others.count
    guard room >= mean.count, room / mean.count < sample.count else { return nil }
    workers = room / mean.count
    computedFrom = """
      90 % of \(whole), less \(others) that others held, is \(Bytes(room)), which \(workers) of them \
      fill at \(mean) each, the average of event \(sample.event); pages that they share count once for \
      each, so that some more may fit
      """
  }

  /// The setting in the language of programs that are known for their pools; nil for any other.
  func snippet(of comm: LogText) -> Snippet? {
    guard let program = Self.programs.first(where: { comm.bytes.starts(with: $0.comm.utf8) }) else {
      return nil
    }
    return Snippet(
      .application,
      .byHand("\(PlainName.fileName(comm))-workers.txt", Sentence([.text(program.place)])),
      ["\(program.setting)\(workers)"], [computedFrom])
  }

  private struct Program {
    let comm: String
    let setting: String
    let place: String
  }

  private static let programs = [
    Program(
      comm: "php-fpm", setting: "pm.max_children = ",
      place: "the pool's own file (pool.d/www.conf); the children of all pools count together"),
    Program(
      comm: "httpd", setting: "MaxRequestWorkers ",
      place: "the httpd.conf of an MPM with a process for each request (prefork)"),
    Program(
      comm: "apache2", setting: "MaxRequestWorkers ",
      place: "mods-available/mpm_prefork.conf, where this MPM is in use"),
    Program(comm: "gunicorn", setting: "workers = ", place: "gunicorn.conf.py"),
    Program(comm: "uwsgi", setting: "workers = ", place: "the [uwsgi] section of its ini file"),
  ]
}

extension Evidence.Case {
  /// What was neither the pool's nor to be had: other processes' resident memory, and what is in no
  /// process at all. Nil where the table does not print it.
  fileprivate func heldByOthers(than pool: Population) -> Bytes? {
    guard let report, let rows = report.tasks?.rows else { return nil }
    let others = rows.filter { $0.name != pool.comm || $0.uid != pool.uid }
    guard let resident = Bytes.sum(others.map { $0.rss?.bytes(report.pageSize) }) else {
      return nil
    }
    let kernel =
      scope == .memcg
      ? nil
      : ledger.flatMap { ledger in
        Bytes.sum([ledger.anonymous, ledger.file, ledger.free]).map {
          Bytes(max(0, ledger.managed.count - $0.count))
        }
      }
    return Bytes(resident.count + (kernel?.count ?? 0))
  }
}
