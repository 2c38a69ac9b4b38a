# The bench `query` of scripts/bench; sourced by it. Needs `program`, `folder` and `has` from there.

# Asks a million events, in oomsh and in SQLite with the same rows in memory. What a question costs
# is the CPU time of eleven of it less that of one, so that neither load counts.
bench_query() {
  if ! has sqlite3; then
    echo "no sqlite3: the bench 'query' is left out"
    return
  fi
  make_events "$folder/events.log" "$folder/events.csv"
  sqlite3 "$folder/events.db" \
    "CREATE TABLE e (id INTEGER PRIMARY KEY, wall INTEGER, host TEXT, comm TEXT, pid INTEGER,
       uid INTEGER, cgroup TEXT, anon INTEGER)" \
    ".mode csv" ".import $folder/events.csv e"
  echo "1,000,000 events, CPU of one question without the load, median of 5"
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
  # All rows are sorted, and the last one alone is printed.
  ask 0.1 "events --sort=anon-rss --limit=10" \
    "SELECT id, comm, anon FROM e ORDER BY anon DESC, id LIMIT 1 OFFSET 999999"
}

# One row of the table: a goal, a question for oomsh, and for SQLite.
ask() {
  local goal=$1 sample
  rm -f "$folder/ask.oomsh" "$folder/ask.sqlite"
  for ((sample = 0; sample < 5; sample++)); do
    echo "$(oomsh_cpu 11 "$2") $(oomsh_cpu 1 "$2")" >>"$folder/ask.oomsh"
    echo "$(sqlite_cpu 11 "$3") $(sqlite_cpu 1 "$3")" >>"$folder/ask.sqlite"
  done
  awk -v goal="$goal" -v what="$2" -v ours="$(median_of "$folder/ask.oomsh")" \
    -v theirs="$(median_of "$folder/ask.sqlite")" 'BEGIN {
      printf "%-34s %7.1f ms %7.1f ms  %6.3f (%s)%s\n", what, ours, theirs, ours / theirs, goal,
        ours / theirs > goal ? "  MISSED" : "" }'
}

median_of() { awk '{ print ($1 - $2) / 10 }' "$1" | sort -n | sed -n 3p; }

# A question so many times in one process, behind one load.
oomsh_cpu() {
  local questions=() run
  for ((run = 0; run < $1; run++)); do questions+=(-c "$2"); done
  cpu 1 "$program" "$folder/events.log" "${questions[@]}"
}

sqlite_cpu() {
  local questions=() run
  for ((run = 0; run < $1; run++)); do questions+=("$2"); done
  cpu 1 sqlite3 :memory: ".restore $folder/events.db" "${questions[@]}"
}

# A million events over 27 days, and the same as rows: 200 names, 500 cgroups, 20 hosts, some more
# often than others.
make_events() {
  awk -v seed=1 -v log_file="$1" -v rows="$2" '
    BEGIN {
      srand(seed)
      start = 1767225600
      for (i = 1; i <= 1000000; i++) {
        t = int(i * 2.3)
        micros = int(rand() * 1000000)
        host = "web" int(rand() * rand() * 20)
        comm = "worker" int(rand() * rand() * 200)
        group = "/system.slice/unit" int(rand() * rand() * 500) ".service"
        pid = 300 + int(rand() * 4000000)
        uid = 1000 + int(rand() * 50)
        anon = 1000 + int(rand() * 16000000)
        stamp = sprintf("2026-01-%02dT%02d:%02d:%02d.%06d+00:00 %s kernel: ", 1 + int(t / 86400),
          int(t / 3600) % 24, int(t / 60) % 60, t % 60, micros, host)
        printf "%soom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=%s,task_memcg=%s,task=%s,pid=%d,uid=%d\n", stamp, group, group, comm, pid, uid >log_file
        printf "%sMemory cgroup out of memory: Killed process %d (%s) total-vm:%dkB, anon-rss:%dkB, file-rss:0kB, shmem-rss:0kB, UID:%d pgtables:3200kB oom_score_adj:0\n", stamp, pid, comm, anon * 2, anon, uid >log_file
        printf "%d,%d%06d,%s,%s,%d,%d,%s,%d\n", i, start + t, micros, host, comm, pid, uid, group, anon >rows
      }
    }'
}
