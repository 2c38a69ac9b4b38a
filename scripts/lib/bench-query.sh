#!/usr/bin/env bash
# The bench `query` of scripts/bench; sourced by it. Needs `program`, `folder` and `has` from there.

# Asks a million events, in oomsh and in SQLite with the same rows in memory. Both load once and then
# answer what comes through a pipe; a question costs the CPU time that the kernel counts for their
# process meanwhile, so that loading does not matter.
bench_query() {
  local count=${OOMSH_BENCH_EVENTS:-1000000}
  if ! has sqlite3; then
    echo "no sqlite3: the bench 'query' is left out"
    return
  fi
  make_events "$count" "$folder/events.log" "$folder/events.csv"
  sqlite3 "$folder/events.db" \
    "CREATE TABLE e (id INTEGER PRIMARY KEY, wall INTEGER, host TEXT, comm TEXT, pid INTEGER,
       uid INTEGER, cgroup TEXT, anon INTEGER)" \
    ".mode csv" ".import $folder/events.csv e"
  mkfifo "$folder/to-oomsh" "$folder/from-oomsh" "$folder/to-sqlite" "$folder/from-sqlite"
  "$program" "$folder/events.log" <"$folder/to-oomsh" >"$folder/from-oomsh" 2>&1 &
  local oomsh=$!
  stdbuf -oL sqlite3 :memory: <"$folder/to-sqlite" >"$folder/from-sqlite" 2>&1 &
  local sqlite=$!
  exec {to_oomsh}>"$folder/to-oomsh" {from_oomsh}<"$folder/from-oomsh"
  exec {to_sqlite}>"$folder/to-sqlite" {from_sqlite}<"$folder/from-sqlite"
  echo ".restore $folder/events.db" >&"$to_sqlite"
  answer echo "$from_oomsh" "$to_oomsh"
  answer .print "$from_sqlite" "$to_sqlite"
  echo "$count events, CPU of one question, the best of 7"
  printf '%-34s %10s %10s  %s\n' question oomsh SQLite "oomsh/SQLite (goal)"
  local midway=1768435200000000
  ask 0.5 "since 2026-01-15" "SELECT count(*) FROM e WHERE wall >= $midway"
  ask 0.5 "top victims" \
    "SELECT comm, count(*) n, min(id), max(id) FROM e GROUP BY comm ORDER BY n DESC LIMIT 24"
  ask 0.5 "top cgroups" \
    "SELECT cgroup, count(*) n, min(id), max(id) FROM e GROUP BY cgroup ORDER BY n DESC LIMIT 24"
  ask 0.5 "top users" \
    "SELECT uid, count(*) n, min(id), max(id) FROM e GROUP BY uid ORDER BY n DESC LIMIT 24"
  ask 0.5 "top hours" \
    "SELECT wall / 3600000000 % 24 h, count(*), min(id), max(id) FROM e GROUP BY h ORDER BY h"
  ask 0.5 "timeline --by=hour" \
    "SELECT wall / 3600000000 h, count(*) FROM e GROUP BY h ORDER BY h"
  ask 0.5 "timeline --by=day" \
    "SELECT wall / 86400000000 d, count(*) FROM e GROUP BY d ORDER BY d"
  # SQLite sorts all rows, since the last one alone is wanted.
  ask 0.1 "events --sort=anon-rss --limit=10" \
    "SELECT id, comm, anon FROM e ORDER BY anon DESC, id LIMIT 1 OFFSET $((count - 1))"
  exec {to_oomsh}>&- {to_sqlite}>&-
  wait "$oomsh" "$sqlite"
}

# One row of the table: a goal, a question for oomsh, and for SQLite.
ask() {
  local ours theirs
  ours=$(best "$oomsh" echo "$from_oomsh" "$to_oomsh" "$2")
  theirs=$(best "$sqlite" .print "$from_sqlite" "$to_sqlite" "$3;")
  awk -v goal="$1" -v what="$2" -v ours="$ours" -v theirs="$theirs" 'BEGIN {
    printf "%-34s %7.1f ms %7.1f ms  %6.3f (%s)%s\n", what, ours / 1e6, theirs / 1e6, ours / theirs,
      goal, (ours / theirs > goal) ? "  MISSED" : "" }'
}

# The least CPU time of a process for a question, in nanoseconds: what others do on the machine only
# adds to it.
best() {
  local run before after least=
  for ((run = 0; run < 7; run++)); do
    before=$(cut -d' ' -f1 "/proc/$1/schedstat")
    echo "$5" >&"$4"
    answer "$2" "$3" "$4"
    after=$(cut -d' ' -f1 "/proc/$1/schedstat")
    [ -n "$least" ] && [ "$least" -le $((after - before)) ] || least=$((after - before))
  done
  echo "$least"
}

# Waits until all that was asked is answered: `answer WORD FROM TO`, where WORD prints its argument.
answer() {
  local line
  echo "$1 answered" >&"$3"
  while IFS= read -r line <&"$2"; do
    [ "$line" != answered ] || return 0
  done
  die "one of the programs ended early"
}

# So many events over 27 days, and the same as rows: 200 names, 500 cgroups that run
# one of them each, 20 hosts, some more often than others.
make_events() {
  awk -v seed=1 -v count="$1" -v log_file="$2" -v rows="$3" '
    BEGIN {
      srand(seed)
      start = 1767225600
      for (i = 1; i <= count; i++) {
        t = int(i * 2300000 / count)
        micros = int(rand() * 1000000)
        host = "web" int(rand() * rand() * 20)
        unit = int(rand() * rand() * 500)
        comm = "worker" unit % 200
        group = "/system.slice/unit" unit ".service"
        pid = 300 + int(rand() * 4000000)
        uid = 1000 + int(rand() * 50)
        anon = 1000 + int(rand() * 16000000)
        stamp = sprintf("2026-01-%02dT%02d:%02d:%02d.%06d+00:00 %s kernel: ", 1 + int(t / 86400),
          int(t / 3600) % 24, int(t / 60) % 60, t % 60, micros, host)
        printf "%s%s invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n", stamp, comm >log_file
        printf "%soom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=%s,task_memcg=%s,task=%s,pid=%d,uid=%d\n", stamp, group, group, comm, pid, uid >log_file
        printf "%sMemory cgroup out of memory: Killed process %d (%s) total-vm:%dkB, anon-rss:%dkB, file-rss:0kB, shmem-rss:0kB, UID:%d pgtables:3200kB oom_score_adj:0\n", stamp, pid, comm, anon * 2, anon, uid >log_file
        printf "%d,%d%06d,%s,%s,%d,%d,%s,%d\n", i, start + t, micros, host, comm, pid, uid, group, anon >rows
      }
    }'
}
