/* How a workflow ends before its time: two tasks with an effect each, whose undoing the store schedules, the newest first.
 *
 * The root has called the other task. Whether it comes to be undone is decided by a person's command, by the root's failing
 * under its policy, or by nobody; a person may hold the workflow meanwhile, send it on, and redrive what waits.
 *
 * That a task which is queued comes to a worker, and that an append is recorded once, is what tasks.pml shows; that an
 * attempt which was settled never acts any more, and none acts twice, is what effects.pml shows. Each is one step here.
 */
#include "shared/holds.pml"

#define WORKERS 2

#ifndef FAULTS
#define FAULTS 2
#endif

hidden byte G2_fenced;                  /* of what ran before the end, only the outcome of an open effect is recorded */
hidden byte G5_undone_once;             /* an undoing is scheduled once, and so is the task that follows */
hidden byte G5_reverse_order;           /* an effect is undone when all newer ones are, and none can come any more */
hidden byte E1_closed_before_undone;    /* nobody can adopt a receipt from before its effect is undone */
hidden byte E1_only_forward;            /* a key opens its next occurrence once its effect is undone, and for good */
hidden byte G6_nothing_escapes;         /* what was done and is not to stand is undone when the workflow ends */
hidden byte G6_ended_stays_ended;       /* a workflow that has ended never goes on */
hidden byte G6_waiting_is_counted;      /* what waits for a person is counted until that person comes */
hidden byte G6_nothing_lost;            /* when nothing more can happen, the workflow has ended or waits for a person */

/* ---- The head ---- */

#define ROOT    0
#define CHILD   1
#define UNDO(e) (2 + (e))    /* of what task e has committed */
#define AFTER   4            /* what follows when all is undone */
#define TASKS   5
#define isUndo(t) ((t) == UNDO(ROOT) || (t) == UNDO(CHILD))

mtype:state = { absent, queued, running, waiting, parked, held, completed, failed, cancelled };
mtype:status = { is_running, is_cancelling, is_rolling_back, is_parked, is_completed, is_failed, is_cancelled };

/* `by` is the worker whose claim holds it, plus one. A claim that was let go is no longer told from one that never was,
 * as an append is refused under either. Its log: whether its effect has an intent without an outcome, and has happened. */
typedef Task { mtype:state state; byte by; bool settles; bool intended; bool committed };
Task task[TASKS];

mtype:status status = is_running;
byte openTasks;
byte waitsFor;             /* `parked`: how many things wait for a person */
bool isHeld;
bool hasAfter = true;
byte cancelling;           /* 0, or how it will end */
#define ENDS_CANCELLED 1
#define ENDS_FAILED    2
byte upTo;                 /* effects up to this version stand */
#define ALL 3

/* Versions count only commits of the two effects. */
byte version;
byte committedAt[2];
bool stands[2];            /* the head's `e:<version>` */
bool compensated[2];       /* the log's EffectCompensated */

#define isOpen(t) (task[t].state != absent && task[t].state != completed && task[t].state != failed && \
  task[t].state != cancelled)
#define hasEnded (status == is_completed || status == is_failed || status == is_cancelled)
#define openStatus (cancelling == 0 -> is_running : (cancelling == ENDS_CANCELLED -> is_cancelling : is_rolling_back))

byte faultsLeft = FAULTS;
#define fault faultsLeft > 0 && !(hasEnded && openTasks == 0) -> faultsLeft--

hidden byte each;
hidden byte accepted;
hidden byte releases;
hidden mtype:state ends;
hidden byte order;
hidden byte standing;

/* ---- The outside world and the ledger ---- */

/* Of each task's effect: whether it is done, and the worker, plus one, whose attempt may still do it. */
bool done[4];
byte attempt[4];

mtype:entry = { is_open, is_committed, is_compensating, is_compensated, is_next };
mtype:entry entry[2];

/* compensate.lua. `is_next` is a later occurrence, somebody else's: the answer is `gone`. */
inline compensate(e, to) {
  if
#if defined(MUTATION_COMPENSATE_ANY_OCCURRENCE)
  :: entry[e] == to || entry[e] == is_compensated -> skip
#elif defined(MUTATION_COMPENSATE_BACK)
  :: entry[e] == to || entry[e] == is_next -> skip
#else
  :: entry[e] == to || entry[e] == is_compensated || entry[e] == is_next -> skip
#endif
  :: else ->
    HOLDS(E1_only_forward, entry[e] != is_next && entry[e] != is_compensated && (to == is_compensating || task[UNDO(e)].committed));
    entry[e] = to
  fi
}

/* ---- Workers, and what each works on ---- */

mtype:step = { idle, intending, acting, committing, denying, closing, opening, compensating, finishing };

typedef Worker { mtype:step at; byte job };
Worker worker[WORKERS];
bool dead[WORKERS];
#define me worker[w]

/* ---- The store's functions ---- */

inline set_status(to) {
  HOLDS(G6_ended_stays_ended, !hasEnded || status == to);
  status = to
}

/* shared/dispatch.lua */
inline queue(t) {
  task[t].state = queued
}

inline let_go(t) {
  task[t].by = 0
}

inline wait_for_person() {
  waitsFor++;
  if
  :: status == is_completed -> skip
  :: else -> set_status(is_parked)
  fi
}

inline park_task(t) {
  task[t].state = parked;
  wait_for_person()
}

/* shared/rollback.lua */
inline wait_no_more() {
  HOLDS(G6_waiting_is_counted, waitsFor > 0);
  waitsFor--;
  if
#ifdef MUTATION_SEND_ON_REOPENS
  :: waitsFor == 0 && status != is_completed -> set_status(openStatus)
#else
  :: waitsFor == 0 && !hasEnded -> set_status(openStatus)
#endif
  :: else -> skip
  fi
}

inline schedule(t) {
  HOLDS(G5_undone_once, task[t].state == absent);
  task[t].state = queued;
  openTasks++
}

inline undo(e) {
  HOLDS(G5_reverse_order, committedAt[1 - (e)] < committedAt[e] || compensated[1 - (e)]);
  schedule(UNDO(e))
}

#define mayEnd(e) (!done[e] || compensated[e] || (committedAt[e] > 0 && committedAt[e] <= upTo))

inline conclude() {
  HOLDS(G6_nothing_escapes, upTo == ALL || (mayEnd(ROOT) && mayEnd(CHILD)));
  set_status((cancelling == ENDS_CANCELLED -> is_cancelled : is_failed))
}

#define isToBeUndone(e) (stands[e] && committedAt[e] > upTo)
#ifdef MUTATION_ORDER_BY_CALL
#define isNewest(e) (isToBeUndone(e) && ((e) == CHILD || !isToBeUndone(CHILD)))
#else
#define isNewest(e) (isToBeUndone(e) && (!isToBeUndone(1 - (e)) || committedAt[e] > committedAt[1 - (e)]))
#endif
#ifdef MUTATION_UNDO_BEFORE_SETTLED
#define goesOn (cancelling > 0 && !isOpen(UNDO(ROOT)) && !isOpen(UNDO(CHILD)) && !isOpen(AFTER))
#else
#define goesOn (cancelling > 0 && openTasks == 0)
#endif

inline run_after() {
  hasAfter = false;
  schedule(AFTER)
}

inline go_on_ending() {
  if
  :: goesOn && upTo != ALL && isNewest(ROOT) -> undo(ROOT)
  :: goesOn && upTo != ALL && isNewest(CHILD) -> undo(CHILD)
  :: goesOn && upTo != ALL && !isToBeUndone(ROOT) && !isToBeUndone(CHILD) && hasAfter -> run_after()
  :: goesOn && (upTo == ALL || (!isToBeUndone(ROOT) && !isToBeUndone(CHILD) && !hasAfter)) -> conclude()
  :: else -> skip
  fi
}

inline fence(t) {
#ifdef MUTATION_FENCE_LEAVES_RUNNING
  if
  :: task[t].state == running -> skip
  :: else ->
#endif
  let_go(t);
  if
#ifndef MUTATION_FENCE_DROPS_EFFECTS
  :: task[t].intended -> task[t].settles = true; queue(t)
#endif
  :: else -> task[t].state = cancelled; openTasks--
  fi
#ifdef MUTATION_FENCE_LEAVES_RUNNING
  fi
#endif
}

inline begin_ending(how, standing) {
  cancelling = how;
  waitsFor = 0;
  set_status(openStatus);
  upTo = standing;
  isHeld = false;
  for (each : 0 .. TASKS - 1) {
    if
    :: isOpen(each) -> fence(each)
    :: else -> skip
    fi
  };
  go_on_ending()
}

/* Which commands the head knows: its `c:<id>`. */
#define CANCEL   0
#define ROLLBACK 1
#define HOLD     2
#define SEND_ON  3
bool known[4];

/* cancel.lua and rollback.lua: the end that each brings is its number and one. */
inline end_by_command(id) {
  if
#ifdef MUTATION_END_TWICE
  :: hasEnded -> skip
#else
  :: known[id] || cancelling > 0 || status == is_completed -> skip
#endif
  :: else ->
    if
    :: standing = 0
    :: id == ROLLBACK -> standing = 1
    :: id == CANCEL -> standing = ALL
    fi;
    begin_ending(id + 1, standing)
  fi;
  known[id] = true
}

/* park.lua, and `hold` of shared/limits.lua */
inline hold() {
  if
  :: known[HOLD] || openTasks == 0 || hasEnded || isHeld -> skip
  :: else ->
    for (each : 0 .. TASKS - 1) {
      if
      :: isOpen(each) && task[each].state != parked -> let_go(each); task[each].state = held
      :: else -> skip
      fi
    };
    wait_for_person();
    isHeld = true
  fi;
  known[HOLD] = true
}

/* resume.lua */
inline send_on() {
  if
  :: known[SEND_ON] || !isHeld -> skip
  :: else ->
    isHeld = false;
    wait_no_more();
    for (each : 0 .. TASKS - 1) {
      if
      :: task[each].state == held -> queue(each)
      :: else -> skip
      fi
    };
    known[SEND_ON] = true
  fi
}

/* resume.lua: what `obstacle` lets through. A failed task that another waited for is left out. */
#define canBeRedriven(t) (task[t].state == parked || \
  (task[t].state == failed && (t >= UNDO(ROOT) || (t == ROOT && cancelling == 0))))

inline reopen(t) {
  wait_no_more();
  if
  :: task[t].state == failed -> openTasks++
  :: else -> skip
  fi;
  queue(t)
}

/* append.lua: a claim that was let go is refused. */
inline append(w) {
  accepted = (task[me.job].by == w + 1);
  HOLDS(G2_fenced, !accepted || cancelling == 0 || me.job >= UNDO(ROOT) || task[me.job].settles)
}

inline withdraw(t) {
  if
  :: task[t].state == parked -> wait_no_more()
  :: else -> skip
  fi;
  fence(t)
}

inline cancel_calls() {
  if
  :: isOpen(CHILD) -> withdraw(CHILD)
  :: else -> skip
  fi
}

inline finish(t, how) {
  let_go(t);
  task[t].state = how;
  openTasks--;
  if
  :: t == CHILD && how != cancelled && task[ROOT].state == waiting -> queue(ROOT)
  :: t == ROOT && how == completed -> set_status(is_completed)
#ifndef MUTATION_UNDONE_STANDS
  :: isUndo(t) && how == completed -> stands[t - 2] = false
#endif
  :: else -> skip
  fi;
  if
#ifdef MUTATION_SETTLED_TELLS_NOBODY
  :: how == completed -> go_on_ending()
#else
  :: how == completed || how == cancelled -> go_on_ending()
#endif
  :: else -> skip
  fi
}

inline go_on_failed(t) {
  if
  :: t == ROOT -> begin_ending(ENDS_FAILED, 0)
  :: t == ROOT -> wait_for_person()   /* by its policy */
  :: else -> skip
  fi
}

/* ---- What workers do ---- */

inline forget(w) {
  me.at = idle;
  me.job = 0
}

/* task-execution.ts: whoever settles begins nothing more. */
#ifdef MUTATION_SETTLED_GOES_ON
#define onlySettles(t) false
#else
#define onlySettles(t) task[t].settles
#endif

/* claim.lua, and where the log has the task go on. One with an open intent waits until no earlier attempt can act, and asks
 * then whether it did: what an attempt does meanwhile it could have done before. */
inline claim(w, t) {
  anyClaimed = true;
  task[t].state = running;
  task[t].by = w + 1;
  me.job = t;
  if
  :: t != AFTER -> attempt[t] = 0
  :: else -> skip
  fi;
  me.at = (t == AFTER -> finishing :
    (task[t].intended -> (done[t] -> committing : denying) :
    (!isUndo(t) -> (onlySettles(t) || task[t].committed -> finishing : intending) :
    (!task[t].committed -> closing :
    (!compensated[t - 2] -> opening : finishing)))))
}

inline intend(w) {
  append(w);
  HOLDS(G2_fenced, !accepted || !task[me.job].settles);
  if
  :: accepted -> task[me.job].intended = true; attempt[me.job] = w + 1; me.at = acting
  :: else -> forget(w)
  fi
}

/* When a later claim has waited for its outcome, its window has closed. */
inline act(w) {
  if
  :: attempt[me.job] == w + 1 ->
    HOLDS(E1_closed_before_undone, !isUndo(me.job) || entry[me.job - 2] == is_compensating);
    HOLDS(G6_nothing_escapes, isUndo(me.job) || !(status == is_failed || status == is_cancelled));
    done[me.job] = true;
    attempt[me.job] = 0;
    if
    :: !isUndo(me.job) -> entry[me.job] = is_committed
    :: else -> skip
    fi;
    me.at = committing
  :: else -> forget(w)
  fi
}

/* append.lua: `write_event`. What a rollback itself commits is not marked. */
inline commit(t) {
  task[t].intended = false;
  task[t].committed = true;
  if
  :: !isUndo(t) ->
    HOLDS(G5_reverse_order, task[UNDO(ROOT)].state == absent && task[UNDO(CHILD)].state == absent);
    version++;
    committedAt[t] = version;
#ifdef MUTATION_SETTLED_STANDS_UNMARKED
    stands[t] = !task[t].settles
#else
    stands[t] = true
#endif
  :: else -> skip
  fi
}

/* How a task is released by its own append. A root that ends while its call is open wants it no longer. */
inline release(w) {
  if
  :: task[me.job].settles -> ends = cancelled
  :: !task[me.job].settles && me.job == ROOT && isOpen(CHILD) -> ends = waiting
  :: !task[me.job].settles && me.job <= CHILD -> ends = failed
  :: !task[me.job].settles -> ends = completed
  fi;
  if
  :: ends == waiting -> let_go(me.job); task[me.job].state = waiting
  :: else ->
    if
    :: me.job == ROOT && ends != cancelled -> cancel_calls()
    :: else -> skip
    fi;
    finish(me.job, ends);
    if
    :: ends == failed -> go_on_failed(me.job)
    :: else -> skip
    fi
  fi
}

/* The outcome of an effect, and the end of its task in the same append or in one of its own. */
inline record_outcome(w) {
  append(w);
  releases = (me.at != committing);
  if
  :: accepted && me.at == committing ->
    commit(me.job);
    me.at = (isUndo(me.job) -> opening : finishing);
    if
#ifdef MUTATION_SURVEYED_BEFORE
    :: !isUndo(me.job) -> releases = true; stands[me.job] = false
#else
    :: !isUndo(me.job) -> releases = true
#endif
    :: skip
    fi
  :: else -> skip
  fi;
  if
  :: accepted && releases -> release(w)
  :: else -> skip
  fi;
  if
  :: !accepted || releases -> forget(w)
  :: else -> skip
  fi
}

inline record_denial(w) {
  append(w);
  if
  :: accepted -> task[me.job].intended = false; me.at = (isUndo(me.job) -> closing : (onlySettles(me.job) -> finishing : intending))
  :: else -> forget(w)
  fi
}

inline record_compensated(w) {
  append(w);
  if
  :: accepted -> compensated[me.job - 2] = true; me.at = finishing
  :: else -> forget(w)
  fi
}

/* A person is asked: it is parked, or what undoes an effect has failed. */
inline record_stop(w) {
  append(w);
  if
  :: accepted -> let_go(me.job); park_task(me.job)
  :: accepted && me.job >= UNDO(ROOT) && (me.job == AFTER || !task[me.job].intended) ->
    let_go(me.job);
    task[me.job].state = failed;
    openTasks--;
    wait_for_person()
  :: else -> skip
  fi;
  forget(w)
}

/* A call to the ledger that is held up on its way. */
mtype:entry lateMark;
byte lateEffect;

inline tell_ledger(w, mark, next) {
  if
  :: compensate(me.job - 2, mark); me.at = next
  :: fault; compensate(me.job - 2, mark)                       /* no answer: told again */
  :: lateMark == 0 && fault; lateMark = mark; lateEffect = me.job - 2
  fi
}

/* Workers are alike: the first claim is worker 0's. */
bool anyClaimed;
#define mayClaim(w, t) (task[t].state == queued && (anyClaimed || dead[0] || w == 0))

proctype working(byte w) {
  {
end:
    do
    :: atomic { me.at == idle && mayClaim(w, ROOT) -> claim(w, ROOT) }
    :: atomic { me.at == idle && mayClaim(w, CHILD) -> claim(w, CHILD) }
    :: atomic { me.at == idle && mayClaim(w, UNDO(ROOT)) -> claim(w, UNDO(ROOT)) }
    :: atomic { me.at == idle && mayClaim(w, UNDO(CHILD)) -> claim(w, UNDO(CHILD)) }
    :: atomic { me.at == idle && mayClaim(w, AFTER) -> claim(w, AFTER) }
    :: atomic { me.at == intending -> intend(w) }
    :: atomic { me.at == acting -> act(w) }
    :: atomic { me.at == acting && attempt[me.job] == w + 1 && fault; attempt[me.job] = 0; me.at = denying }
    :: atomic { me.at == denying -> record_denial(w) }
#ifdef MUTATION_UNDO_UNCLOSED
    :: atomic { me.at == closing -> me.at = intending }
#else
    :: atomic { me.at == closing -> tell_ledger(w, is_compensating, intending) }
#endif
    :: atomic { me.at == opening -> tell_ledger(w, is_compensated, compensating) }
    :: atomic { me.at == compensating -> record_compensated(w) }
    :: atomic { me.at == committing || me.at == finishing || (me.at == intending && !isUndo(me.job)) -> record_outcome(w) }
    :: atomic { me.at != idle && fault; record_stop(w) }
    od
  } unless { dead[w] }
}

/* ---- Everything else ---- */

proctype crash(byte w) {
end:
  atomic { !dead[1 - w] && fault; dead[w] = true; forget(w) }
}

/* shared/recovery.lua: from a worker that is gone, or is frozen and wakes late. */
inline take_back(t) {
  let_go(t);
  queue(t)
}

#define isLost(t) (task[t].state == running && dead[task[t].by - 1])
#define isSuspected(t) (task[t].state == running && !dead[task[t].by - 1])

proctype supervisor() {
end:
  do
  :: atomic { isLost(ROOT) -> take_back(ROOT) }
  :: atomic { isLost(CHILD) -> take_back(CHILD) }
  :: atomic { isLost(UNDO(ROOT)) -> take_back(UNDO(ROOT)) }
  :: atomic { isLost(UNDO(CHILD)) -> take_back(UNDO(CHILD)) }
  :: atomic { isLost(AFTER) -> take_back(AFTER) }
  :: atomic { isSuspected(ROOT) && fault; take_back(ROOT) }
  :: atomic { isSuspected(CHILD) && fault; take_back(CHILD) }
  :: atomic { isSuspected(UNDO(ROOT)) && fault; take_back(UNDO(ROOT)) }
  :: atomic { isSuspected(UNDO(CHILD)) && fault; take_back(UNDO(CHILD)) }
  :: atomic { isSuspected(AFTER) && fault; take_back(AFTER) }
  od
}

/* Commands come at any moment, each once, and again when its answer was lost. */
#define mayCome(id) (!hasEnded && (!known[id] || faultsLeft > 0))
#define count_repeat(id) if :: known[id] -> faultsLeft-- :: else -> skip fi

proctype person() {
end:
  do
  :: atomic { mayCome(CANCEL) || mayCome(ROLLBACK) ->
      if
      :: mayCome(CANCEL) -> order = CANCEL
      :: mayCome(ROLLBACK) -> order = ROLLBACK
      fi;
      count_repeat(order);
      end_by_command(order) }
  :: atomic { mayCome(HOLD) -> count_repeat(HOLD); hold() }
  :: atomic { (isHeld && !known[SEND_ON]) || (known[SEND_ON] && mayCome(SEND_ON)) -> count_repeat(SEND_ON); send_on() }
  :: atomic { canBeRedriven(ROOT) -> reopen(ROOT) }
  :: atomic { canBeRedriven(CHILD) -> reopen(CHILD) }
  :: atomic { canBeRedriven(UNDO(ROOT)) -> reopen(UNDO(ROOT)) }
  :: atomic { canBeRedriven(UNDO(CHILD)) -> reopen(UNDO(CHILD)) }
  :: atomic { canBeRedriven(AFTER) -> reopen(AFTER) }
  od
}

/* What was held up is worked off; somebody else performs what can be performed again. */
proctype network() {
end:
  do
  :: atomic { lateMark != 0 -> compensate(lateEffect, lateMark); lateMark = 0; lateEffect = 0 }
  :: atomic { lateMark != 0 && entry[lateEffect] == is_compensated -> entry[lateEffect] = is_next }
  od
}

#define isOver ((hasEnded && openTasks == 0) || waitsFor > 0)

proctype observer() {
  timeout -> HOLDS(G6_nothing_lost, isOver)
}

init {
  atomic {
    for (each : 0 .. TASKS - 1) {
      task[each].state = absent
    };
    for (each : 0 .. 1) {
      task[each].state = queued;
      entry[each] = is_open;
      worker[each].at = idle;
      run working(each);
      run crash(each)
    };
    openTasks = 2;
    run supervisor(); run person(); run network(); run observer()
  }
}

ltl G6_rollback_ends { [] <> isOver }
