/* How a task comes to a worker, what it appends, how it sleeps and wakes, and who takes it from a worker that is gone.
 *
 * Task 0 records a step, calls task 1, waits for its result and for a signal, and completes. Task 1 records a step and
 * completes. Two workers run at a time; a third starts when one has died.
 *
 * A worker that is frozen takes no step while all others do; there is no clock here, so a lease may end at any moment.
 * A request whose reply is lost is sent again. One may be held up on its way and be worked off much later, after the
 * client has sent it again on another connection and gone on. A message may be read by two workers.
 */
#define TASKS 2
#ifndef WORKERS
#define WORKERS 2
#endif
#define CRASH_BUDGET 2

/* How many faults a run has, of any kinds: a crash, a worker that is given up or an attempt that is ended although it
 * goes on, a lost reply, a request that is held up, a worker that lets go of what it has, a heartbeat at a bad moment. */
#ifndef FAULTS
#define FAULTS 3
#endif

#define on_claim(t)  skip
#define on_let_go(t) task[t].worker = 0; task[t].beat = 0
#define on_park(t)   skip
#include "shared/task.pml"

hidden byte G4_recorded_once;          /* a step that has a recorded result is not recorded again */
hidden byte G6_nothing_lost;           /* what is open when nothing more can happen waits for a person */
hidden byte S6_own_claims_are_listed;  /* a heartbeat does not take from a worker what it works on */

byte faultsLeft = FAULTS;
#define fault faultsLeft > 0 && !isDone -> faultsLeft--

#define ROOT  0
#define CHILD 1

#define isDone (task[ROOT].state == completed || task[ROOT].state == parked || task[CHILD].state == parked)

/* Whether a task has recorded its step, the root its call. */
bool recorded[TASKS];

/* Versions count only what is addressed to the root, as nothing else is compared by them (S8). */
byte version;
byte wokenAt;
byte resultAt;     /* of the child's TaskCompleted */
byte sentAt;       /* of the signal: the head's `sent:` */
bool listens;      /* the head's `listen:` */
bool waitsForResult;

/* What a worker keeps in memory: one task at a time. */
typedef Hold {
  bool busy;
  bool hasClaim;
  byte job;
  byte dispatch;
  byte claimId;
  byte number;      /* of its last append that was answered */
  bool recorded;    /* as the worker knows it; a worker that lost its claim knows an old state */
  byte readUpTo;
  byte sends        /* the append that it makes; kept until it is answered, as a repeat is the same (A2) */
};
Hold hold[WORKERS];
byte beat[WORKERS];

/* A heartbeat between its sending and its execution. */
typedef Beat { bool onWay; byte number; byte listed };
Beat sent[WORKERS];

/* What is held up on its way. */
mtype:request = { claim_request, append_request, heartbeat_request };
typedef Late {
  mtype:request kind;
  byte by; byte beat; byte job; byte claimId; byte dispatch; byte number; byte brings; byte readUpTo; byte listed
};
Late late;

/* Whether an append has taken its task from its worker; read before the step ends. */
hidden byte released;
hidden byte each;

/* What an append brings. */
#define NOTHING   0
#define STEP      1
#define CALL      2   /* and suspended, in the same append */
#define SUSPENDED 3
#define COMPLETED 4

/* append.lua: `refusal`. */
inline refusal(t, id, nth) {
  if
#ifndef MUTATION_APPEND_UNFENCED
  :: task[t].claimId != id -> reply = fenced
#endif
  :: else ->
    if
#ifndef MUTATION_APPEND_UNNUMBERED
    :: nth == task[t].appended -> reply = duplicate
#endif
#ifndef MUTATION_APPEND_OUT_OF_ORDER
    :: nth != task[t].appended && nth != task[t].appended + 1 -> reply = rewound
#endif
    :: else ->
      if
#ifndef MUTATION_APPEND_AFTER_RELEASE
      :: task[t].state != running -> reply = fenced
#endif
      :: else -> reply = ok
      fi
    fi
  fi
}

/* shared/dispatch.lua: a task that waits goes back to its role when what it waits for has come (S8). */
inline wake(isAwaited) {
  wokenAt = version;
  if
  :: task[ROOT].state == waiting && isAwaited -> listens = false; waitsForResult = false; queue(ROOT)
  :: else -> skip
  fi
}

/* append.lua: `suspend`, unless `is_awake`. */
inline suspend(upTo) {
  if
#ifndef MUTATION_SUSPEND_ASLEEP
  :: wokenAt > upTo || sentAt > upTo -> released = false
#endif
  :: else ->
    task[ROOT].state = waiting;
#ifndef MUTATION_SUSPEND_DEAF
    listens = (sentAt == 0);
#endif
    waitsForResult = (resultAt == 0);
    released = true
  fi
}

/* append.lua: `release.completed`, which tells the task that waits for it. */
inline finish(t) {
  task[t].state = completed;
  if
  :: t == CHILD ->
    version++;
    resultAt = version;
#ifndef MUTATION_FINISH_TELLS_NOBODY
    wake(waitsForResult)
#endif
  :: else -> skip
  fi
}

/* append.lua: `append_one`. */
inline append(t, id, nth, what, upTo) {
  refusal(t, id, nth);
  released = false;
  if
  :: reply == ok ->
    HOLDS(G2_one_writer, id == newest[t] && task[t].state == running);
    task[t].appended = nth;
    if
    :: what == STEP ->
      HOLDS(G4_recorded_once, !recorded[t]);
      recorded[t] = true
    :: what == CALL ->
      HOLDS(G4_recorded_once, !recorded[t]);
      recorded[t] = true;
      task[CHILD].state = queued;
      task[CHILD].dispatch = 1;
#ifndef MUTATION_CALL_WITHOUT_MESSAGE
      deliver(CHILD);
#endif
      suspend(upTo)
    :: what == SUSPENDED -> suspend(upTo)
    :: what == COMPLETED ->
      HOLDS(G4_recorded_once, task[t].state != completed);
      finish(t);
      released = true
    fi;
    if
    :: released -> let_go(t); task[t].crashes = 0
    :: else -> skip
    fi
  :: reply == duplicate -> released = (task[t].state != running)
  :: else -> skip
  fi
}

/* heartbeat.lua. What it answers of lost claims is left out: a worker may let go at any time anyway. */
inline heartbeat(w, nth, lists) {
  for (each : 0 .. TASKS - 1) {
    if
#ifdef MUTATION_HEARTBEAT_ANY_BEAT
    :: task[each].state == running && task[each].worker == w && !(lists & (1 << each)) ->
#elif defined(MUTATION_HEARTBEAT_TAKES_NOTHING_BACK)
    :: false ->
#else
    :: task[each].state == running && task[each].worker == w && !(lists & (1 << each)) && task[each].beat < nth ->
#endif
      HOLDS(S6_own_claims_are_listed, !(hold[w].busy && hold[w].claimId == task[each].claimId));
      take_back(each, 0)
    :: else -> skip
    fi
  };
  registered[w] = true
}

#define hasTask(w, t) (task[t].state == running && task[t].worker == w)

/* reap.lua, with a limit of one task a call: of a worker that has more, the next call takes the rest. */
inline reap(w) {
  if
  :: hasTask(w, ROOT) -> take_back(ROOT, 1)
  :: else ->
    if
    :: hasTask(w, CHILD) -> take_back(CHILD, 1)
    :: else -> skip
    fi
  fi;
  give_up(w)
}

inline give_up(w) {
  if
#ifndef MUTATION_GIVE_UP_WITH_TASKS
  :: hasTask(w, ROOT) || hasTask(w, CHILD) -> skip
#endif
  :: else ->
    HOLDS(S5_held_by_registered, !hasTask(w, ROOT) && !hasTask(w, CHILD));
    registered[w] = false
  fi
}

/* fire.lua: an attempt past its deadline counts like a crash. */
inline time_out(t) {
  take_back(t, 1)
}

/* signal.lua. A repeat under the same id changes nothing. */
inline signal() {
  if
#ifndef MUTATION_SIGNAL_TWICE
  :: sentAt != 0 -> skip
#endif
  :: else ->
    HOLDS(G4_recorded_once, sentAt == 0);
    version++;
    sentAt = version;
    if
    :: listens -> wake(true)
    :: else -> skip
    fi
  fi
}

/* ---- Workers ---- */

#if WORKERS > 2
#define isOfSpare(id) (hold[2].claimId == id)
#define survives(w) (!dead[0] + !dead[1] + !dead[2] > 1 && !dead[w])
#else
#define isOfSpare(id) false
#define survives(w) (!dead[0] && !dead[1])
#endif
#define canBeSent(id) (late.claimId == id || hold[0].claimId == id || hold[1].claimId == id || isOfSpare(id))
#define isKnown(id) (task[ROOT].claimId == id || task[CHILD].claimId == id || canBeSent(id))

/* States that differ only in what can never be compared with anything again are one state. */
inline tidy_task(t) {
  if
  :: task[t].claimId != NOBODY && !canBeSent(task[t].claimId) && task[t].state != running ->
    task[t].claimId = NOBODY;
    task[t].appended = 0;
    newest[t] = NOBODY
  :: else -> skip
  fi
}

inline tidy(w) {
  tidy_task(ROOT);
  tidy_task(CHILD);
  if
  :: !hasTask(w, ROOT) && !hasTask(w, CHILD) && !sent[w].onWay && late.kind == 0 -> beat[w] = 0
  :: else -> skip
  fi
}

/* Nobody has ever had the same id (S2). One that nobody knows any more is as good as new. */
inline pick_claim(w, id) {
#ifdef MUTATION_CLAIM_IS_THE_WORKER
  id = w + 1
#else
  each = 1;
  do
  :: isKnown(each) -> each++
  :: else -> break
  od;
  id = each
#endif
}

inline forget(w) {
  hold[w].busy = false;
  hold[w].hasClaim = false;
  hold[w].job = 0;
  hold[w].dispatch = 0;
  hold[w].claimId = NOBODY;
  hold[w].number = 0;
  hold[w].recorded = false;
  hold[w].readUpTo = 0;
  hold[w].sends = NOTHING
}

/* The workers are alike: the one that reads first is called 0. */
bool anyRead;

/* inbox.ts: any message that lies there, whoever else has read it. */
inline read_message(w) {
  if
  :: inbox[ROOT] != 0 -> hold[w].job = ROOT
  :: inbox[CHILD] != 0 -> hold[w].job = CHILD
  fi;
  each = 1;
  do
  :: inbox[hold[w].job] & message(each) -> break
  :: inbox[hold[w].job] >= message(each + 1) -> each++
  od;
  hold[w].dispatch = each;
  pick_claim(w, hold[w].claimId);
#ifdef MUTATION_ACKNOWLEDGE_WHEN_READ
  inbox[hold[w].job] = inbox[hold[w].job] & ~message(hold[w].dispatch);
#endif
  hold[w].busy = true;
  anyRead = true
}

inline read_log(w) {
  hold[w].readUpTo = version
}

inline send_heartbeat(w) {
  beat[w]++;
  sent[w].onWay = true;
  sent[w].number = beat[w];
  sent[w].listed = (hold[w].busy -> message(hold[w].job) : 0)
}

/* What its worker does with the answer to a claim. */
inline granted(w) {
  if
  :: reply == unregistered && !sent[w].onWay -> send_heartbeat(w)
  :: reply == unregistered && sent[w].onWay -> skip
  :: reply == taken -> forget(w)
  :: reply == ok ->
    hold[w].hasClaim = true;
    hold[w].recorded = recorded[hold[w].job];
    read_log(w)
  fi
}

#define hasRead(w, at) (at != 0 && at <= hold[w].readUpTo)
#define isReady(w) (hold[w].job == CHILD || hasRead(w, resultAt) && hasRead(w, sentAt))

/* What the handler comes to next, from what its worker has read. */
inline go_on(w) {
  if
  :: hold[w].sends != NOTHING -> skip            /* not answered yet: the same once more (A2) */
  :: else ->
  if
  :: !hold[w].recorded -> hold[w].sends = (hold[w].job == ROOT -> CALL : STEP)
  :: hold[w].recorded && isReady(w) -> hold[w].sends = COMPLETED
  :: hold[w].recorded && !isReady(w) -> hold[w].sends = SUSPENDED
  fi
  fi
}

/* What its worker does with the answer to an append. */
inline answered(w) {
  if
  :: reply == fenced || reply == rewound || released -> forget(w)
  :: (reply == ok || reply == duplicate) && !released ->
    hold[w].number++;
    if
    :: hold[w].sends == STEP -> skip
    :: hold[w].sends != STEP -> read_log(w)       /* awake: it reads on */
    fi;
    hold[w].recorded = true;
    hold[w].sends = NOTHING
  fi
}

proctype working(byte w) {
end_spare:
  w < 2 || dead[0] || dead[1];
  {
end_idle:
    do
    :: atomic { !hold[w].busy && (inbox[ROOT] != 0 || inbox[CHILD] != 0) && (w == 0 || anyRead || dead[0]) -> read_message(w) }
    :: atomic { hold[w].busy && !hold[w].hasClaim ->
        claim(w, beat[w], hold[w].job, hold[w].dispatch, hold[w].claimId);
        if
        :: fault                                /* no answer: sent again, under the same id */
        :: granted(w)
        fi;
        tidy(w) }
    :: atomic { hold[w].busy && !hold[w].hasClaim && fault;
        late.kind = claim_request; late.by = w; late.beat = beat[w]; late.job = hold[w].job;
        late.claimId = hold[w].claimId; late.dispatch = hold[w].dispatch }
    :: atomic { hold[w].hasClaim ->
        go_on(w);
        append(hold[w].job, hold[w].claimId, hold[w].number + 1, hold[w].sends, hold[w].readUpTo);
        if
        :: fault                                /* no answer: sent again, under the same number */
        :: answered(w)
        fi;
        tidy(w) }
    :: atomic { hold[w].hasClaim && fault;
        go_on(w);
        late.kind = append_request; late.job = hold[w].job; late.claimId = hold[w].claimId;
        late.number = hold[w].number + 1; late.brings = hold[w].sends; late.readUpTo = hold[w].readUpTo }
    :: atomic { hold[w].hasClaim && hold[w].sends == NOTHING && hold[w].readUpTo < version -> read_log(w) }
    :: atomic { hold[w].busy && fault; forget(w); tidy(w) }   /* heartbeat.ts, H2: while the store has it held */
    od
  } unless { dead[w] }
}

#define isHeldUnknown(w, t) (hasTask(w, t) && !(hold[w].busy && hold[w].job == t))

/* heartbeat.ts. Their number is bounded, so that every run comes to an end; G6 fails if one too few is left. */
#define MOST_BEATS 6
proctype beating(byte w) {
end:
  do
  :: atomic { !dead[w] && !sent[w].onWay && beat[w] < MOST_BEATS && (isHeldUnknown(w, ROOT) || isHeldUnknown(w, CHILD)) -> send_heartbeat(w) }
  :: atomic { !dead[w] && !sent[w].onWay && registered[w] && fault; send_heartbeat(w) }
  :: atomic { sent[w].onWay ->
      heartbeat(w, sent[w].number, sent[w].listed);
      sent[w].onWay = false; sent[w].number = 0; sent[w].listed = 0;
      tidy(w) }
  :: atomic { sent[w].onWay && fault;
      late.kind = heartbeat_request; late.by = w; late.number = sent[w].number; late.listed = sent[w].listed }
  od
}

/* ---- Everything else ---- */

proctype crash(byte w) {
end:
  atomic { survives(w) && fault; dead[w] = true; forget(w); tidy(w) }
}

/* What was held up on its way is worked off: the answer goes to nobody. */
proctype network() {
end:
  atomic { late.kind != 0 ->
    if
    :: late.kind == claim_request -> claim(late.by, late.beat, late.job, late.dispatch, late.claimId)
    :: late.kind == append_request -> append(late.job, late.claimId, late.number, late.brings, late.readUpTo)
    :: late.kind == heartbeat_request -> heartbeat(late.by, late.number, late.listed)
    fi;
    late.kind = 0; late.by = 0; late.beat = 0; late.job = 0; late.claimId = 0; late.dispatch = 0; late.number = 0;
    late.brings = 0; late.readUpTo = 0; late.listed = 0;
    tidy(0); tidy(1) }
}

/* Leases and deadlines end when they have ended, or when a clock or a network makes it seem so. */
proctype supervisor() {
end:
  do
  :: atomic { registered[0] && dead[0] -> reap(0) }
  :: atomic { registered[1] && dead[1] -> reap(1) }
#if WORKERS > 2
  :: atomic { registered[2] && dead[2] -> reap(2) }
#endif
  :: atomic { registered[0] && fault; reap(0) }
  :: atomic { registered[1] && fault; reap(1) }
  :: atomic { task[ROOT].state == running && fault; time_out(ROOT) }
  :: atomic { task[CHILD].state == running && fault; time_out(CHILD) }
  od
}

proctype sender() {
  atomic { signal() };
end:
  atomic { fault; signal() }   /* no answer: sent again, under the same id */
}

/* When nothing more can happen. */
proctype observer() {
  timeout -> HOLDS(G6_nothing_lost, isDone)
}

init {
  atomic {
    registered[0] = true;
    registered[1] = true;
    task[ROOT].state = queued;
    task[ROOT].dispatch = 1;
    deliver(ROOT);
    for (each : 0 .. WORKERS - 1) { run working(each); run beating(each); run crash(each) };
    run network(); run supervisor(); run sender(); run observer()
  }
}

/* No run goes on for ever without an end of both tasks, or a person who is waited for. */
ltl G6_every_task_ends { <> isDone }
