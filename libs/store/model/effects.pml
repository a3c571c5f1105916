/* An effect of two tasks under one key: intent, reservation, window, action, receipt; and what becomes of it in doubt.
 *
 * Time runs here, in ticks. An attempt begins within WINDOW of its intent or not at all; what was sent comes to the
 * provider within TIMEOUT or never; whoever takes over waits for both, on a clock of its own (E5). A clock may miss a tick:
 * the monotonic one of a machine that is suspended, the wall clock that is set back.
 *
 * That an append is recorded once and under the newest claim is what tasks.pml shows; an append is one step here.
 */
#define TASKS 2
#define WORKERS 2
#define CRASH_BUDGET 1   /* crashes are not counted, so that nobody is parked for them */

#ifndef FAULTS
#define FAULTS 1
#endif
/* Whether there is only one task: with it more faults can be searched. */
#ifdef ALONE
#define isStarted(t) (t == 0)
#else
#define isStarted(t) true
#endif

#define WINDOW  1
#define TIMEOUT 1
#ifdef MUTATION_WAIT_TOO_SHORT
#define BOUND   (WINDOW + TIMEOUT - 1)
#else
#define BOUND   (WINDOW + TIMEOUT)
#endif
#define ATTEMPTS 2       /* before a run that goes in circles is cut, by a park */

byte epoch[TASKS];
#define on_claim(t)  epoch[t]++; newest[t] = NOBODY   /* no assertion here asks for it */
#define on_let_go(t) task[t].worker = 0
#define on_park(t)   ended(t)
#include "shared/task.pml"

hidden byte G5_done_once;          /* the outside world has one action for the key */
hidden byte G5_one_receipt;        /* the ledger is brought no second receipt */
hidden byte G5_recorded_is_done;   /* a log that says `committed` is right */
hidden byte E2_free_is_not_done;   /* a key is freed only when nothing happened, and nothing can any more */
hidden byte E1_undone_is_let_be;   /* what is left of a task does not reserve anew what was undone */
hidden byte G6_nothing_lost;       /* when nothing more can happen, both tasks have ended or wait for a person */

#define isOver(t) (task[t].state == completed || task[t].state == parked)
byte faultsLeft = FAULTS;
#define fault faultsLeft > 0 && !(isOver(0) && isOver(1)) -> faultsLeft--

/* ---- The log: of each task whether it has an intent without an outcome, and how many it had ---- */

bool intended[TASKS];
byte attempts[TASKS];

/* append.lua, of a task that runs under this claim. Answers ok or fenced. */
inline append(t, id) {
  if
#ifdef MUTATION_APPEND_AFTER_RELEASE
  :: task[t].claimId == id -> reply = ok
#else
  :: task[t].claimId == id && task[t].state == running -> reply = ok
#endif
  :: else -> reply = fenced
  fi
}

/* ---- The ledger: one entry ---- */

mtype:entry = { open, reserved, committed, released, compensated };
mtype:ledger = { is_reserved, taken_over, is_committed, is_held, is_fenced, is_free, conflict, different };
mtype:entry entry = open;
byte owner = TASKS;
byte ownersClaim;
byte ownersEpoch;
byte ownersOrder;
bool inDoubt;
byte receipt;

hidden mtype:ledger answered;
hidden byte doubt;

/* reserve.lua */
inline reserve(t, id, atEpoch, nth) {
  if
  :: entry == committed -> answered = is_committed
#ifndef MUTATION_RESERVE_HELD
  :: entry == reserved && owner != t -> answered = is_held
#endif
#ifndef MUTATION_RESERVE_UNDONE
  :: entry == compensated && owner == t -> answered = is_fenced
#endif
#ifndef MUTATION_RESERVE_BY_OLDER
  :: entry != committed && owner == t && ownersEpoch > atEpoch -> answered = is_fenced
#endif
  :: entry != committed && owner == t && ownersClaim == id && ownersOrder > nth -> answered = is_fenced
  :: else ->
    HOLDS(E1_undone_is_let_be, entry != compensated);
    doubt = (entry == reserved -> (ownersClaim == id -> inDoubt : 1) : 0);
    entry = reserved;
    owner = t;
    ownersClaim = id;
    ownersEpoch = atEpoch;
    ownersOrder = nth;
    inDoubt = doubt;
    answered = (doubt -> taken_over : is_reserved)
  fi
}

#define hasHappened (entry == committed || entry == compensated)

/* commit.lua: from any claim of the task that reserved it (E4). */
inline commit(t, its) {
  if
  :: (entry == reserved || entry == committed) && owner != t -> answered = conflict
  :: hasHappened && owner == t && receipt == its -> answered = is_committed
  :: hasHappened && owner == t && receipt != its -> answered = different
  :: else ->
    entry = committed;
    owner = t;
    receipt = its;
    ownersClaim = NOBODY;   /* never compared again */
    ownersEpoch = 0;
    ownersOrder = 0;
    inDoubt = false;
    answered = is_committed
  fi;
  HOLDS(G5_one_receipt, answered != different)
}

/* release.lua */
inline release(t, id, nth) {
  if
  :: entry == open || entry == released -> answered = is_free
  :: hasHappened -> answered = is_committed
#ifdef MUTATION_RELEASE_OUT_OF_ORDER
  :: entry == reserved && (owner != t || ownersClaim != id) -> answered = is_fenced
#else
  :: entry == reserved && (owner != t || ownersClaim != id || ownersOrder > nth) -> answered = is_fenced
#endif
  :: else ->
    HOLDS(E2_free_is_not_done, done == 0 && (refused || flight[0] + flight[1] == 0));
    entry = released;
    ownersOrder = nth;
    answered = is_free
  fi
}

/* compensate.lua: its workflow has ended, and a rollback has undone what it did. What is told of it in between is rollback.pml's. */
inline compensate() {
  entry = compensated
}

/* ---- The outside world ---- */

/* What it can be asked, and what it does with a key (effects/spec.ts). */
mtype:provider = { can_be_asked, deduplicates, neither };
mtype:provider provider;
byte done;
bool refused;   /* one that deduplicates answers the same to the same key, a definite no as well */

/* Of each worker's request: ticks in which it comes, 0 when there is none. It outlives its worker. */
byte flight[WORKERS];

/* What came back. */
mtype:answer = { none, receipt_of, not_performed, rejected };

/* ---- Workers ---- */

mtype:step = { idle, claiming, intending, reserving, acting, awaiting, taking_over, settling, asking, repeating,
  committing, freeing, yielding, postponing, completing, parking };

typedef Worker {
  mtype:step at;
  byte job;
  byte dispatch;
  byte claimId;
  byte epoch;
  byte order;        /* counts the calls to the ledger (0004) */
  byte monotonic;    /* what is left of the window, on both clocks */
  byte wall;
  byte left;         /* until no earlier attempt can be acting any more, on the monotonic clock */
  bool isRejected;   /* what follows the release is the end of the task */
  bool repeats;      /* the same attempt, under the same key */
  byte receipt;
  mtype:answer answer
};
Worker worker[WORKERS];
#define me worker[w]

/* A call to the ledger that is held up on its way. */
mtype:call = { reserve_call, commit_call, release_call };
mtype:call lateCall;
byte lateJob;
byte lateClaim;
byte lateEpoch;
byte lateOrder;
byte lateReceipt;

#define isKnown(id) (task[0].claimId == id || task[1].claimId == id || ownersClaim == id || lateClaim == id || \
  worker[0].claimId == id || worker[1].claimId == id)

hidden byte each;

#define canBeSent(id) (lateClaim == id || worker[0].claimId == id || worker[1].claimId == id)

inline ended(t) {
  attempts[t] = 0;
  task[t].worker = 0;
  task[t].claimId = NOBODY
}

/* States that differ only in what can never be compared with anything again are one state. */
inline tidy() {
  if
  :: ownersClaim != NOBODY && !canBeSent(ownersClaim) -> ownersClaim = NOBODY
  :: else -> skip
  fi;
  if
  :: task[0].claimId != NOBODY && !canBeSent(task[0].claimId) && task[0].state != running -> task[0].claimId = NOBODY
  :: else -> skip
  fi;
  if
  :: task[1].claimId != NOBODY && !canBeSent(task[1].claimId) && task[1].state != running -> task[1].claimId = NOBODY
  :: else -> skip
  fi;
  if
  :: lateCall == 0 -> ownersOrder = 0; worker[0].order = 0; worker[1].order = 0
  :: else -> skip
  fi
}

inline forget(w) {
  me.at = idle;
  me.job = 0;
  me.dispatch = 0;
  me.claimId = NOBODY;
  me.epoch = 0;
  me.order = 0;
  me.monotonic = 0;
  me.wall = 0;
  me.left = 0;
  me.isRejected = false;
  me.repeats = false;
  me.receipt = 0;
  me.answer = none;
  tidy()
}

/* Tasks and workers are alike: what is read first is task 0, by worker 0. */
bool anyRead;
#define mayRead(w, t) (inbox[t] != 0 && (anyRead || dead[0] || (w == 0 && t == 0)))

/* inbox.ts. From here on the time of attempts before this delivery runs out (doubt.ts, D1). */
inline read_message(w) {
  if
  :: mayRead(w, 0) -> me.job = 0
  :: mayRead(w, 1) -> me.job = 1
  fi;
  each = 1;
  do
  :: inbox[me.job] & message(each) -> break
  :: inbox[me.job] >= message(each + 1) -> each++
  od;
  me.dispatch = each;
  each = 1;
  do
  :: isKnown(each) -> each++
  :: else -> break
  od;
  me.claimId = each;
  me.left = BOUND;
  me.at = claiming;
  anyRead = true
}

inline granted(w) {
  if
  :: reply == taken -> forget(w)
  :: reply == ok ->
    me.epoch = epoch[me.job];
    me.dispatch = 0;
    me.left = (intended[me.job] -> me.left : 0);
    me.at = (intended[me.job] -> taking_over : (attempts[me.job] < ATTEMPTS -> intending : parking))
  fi
}

/* effect-run.ts: the window opens before the intent is sent. The later it opens the more it allows, so here it opens when
 * the intent is recorded. */
inline intend(w) {
  append(me.job, me.claimId);
  if
  :: reply == ok ->
    intended[me.job] = true;
    attempts[me.job]++;
    me.monotonic = WINDOW;
    me.wall = WINDOW;
    me.left = BOUND;
    me.at = reserving
  :: reply == fenced -> forget(w)
  fi
}

/* Who takes over reserves first and waits then, and reserves once more before anybody is asked (E4). */
#ifdef MUTATION_ASK_AT_ONCE
#define asksForReservation(w) (me.at == reserving || me.at == taking_over || me.at == settling)
#else
#define asksForReservation(w) (me.at == reserving || me.at == taking_over || (me.at == settling && me.left == 0))
#endif

inline reserved_or_not(w) {
  if
  :: answered == is_committed -> me.at = completing
  :: answered == is_held -> me.at = postponing
  :: answered == is_fenced -> forget(w)
  :: answered == is_reserved && me.at == reserving -> me.at = acting
  :: answered == taken_over && me.at == reserving -> me.left = BOUND; me.at = settling
  :: (answered == is_reserved || answered == taken_over) && me.at == taking_over -> me.at = settling
  :: (answered == is_reserved || answered == taken_over) && me.at == settling -> me.at = asking
  fi
}

#if defined(MUTATION_ACT_LATE)
#define isOpen(w) true
#elif defined(MUTATION_ACT_BY_MONOTONIC)
#define isOpen(w) (me.monotonic > 0)
#elif defined(MUTATION_ACT_BY_WALL)
#define isOpen(w) (me.wall > 0)
#else
#define isOpen(w) (me.monotonic > 0 && me.wall > 0)
#endif

inline send(w) {
  flight[w] = TIMEOUT + 1;
  me.monotonic = 0;
  me.wall = 0;
  me.at = awaiting
}

/* effect-run.ts, `perform`: the window is checked right before. What lies between that check and the socket is not
 * closed by the protocol: with FREEZE_AT_SOCKET the worker may be frozen there. */
inline act(w) {
  if
#ifdef MUTATION_FREEZE_AT_SOCKET
  :: isOpen(w) -> me.at = repeating
#else
  :: isOpen(w) -> send(w)
#endif
  :: else -> me.monotonic = 0; me.wall = 0; me.at = freeing
  fi
}

/* Only an answer which says so means that nothing happened (E2), and that of a repeat says nothing of the first. */
inline heed(w) {
  if
  :: me.answer == receipt_of -> me.receipt = done; me.at = committing
  :: me.answer == rejected -> me.isRejected = true; me.at = freeing
  :: me.answer == not_performed && !me.repeats -> me.at = freeing
#ifdef MUTATION_FREE_ON_ERROR
  :: me.answer == none && !me.repeats -> me.at = freeing
#else
  :: me.answer == none && !me.repeats -> me.at = settling
#endif
  :: (me.answer == none || me.answer == not_performed) && me.repeats -> me.at = repeating
  fi;
  me.answer = none
}

/* doubt.ts: by probe, by repeating where the provider deduplicates, or by a person (E3). */
inline ask(w) {
  if
#ifdef MUTATION_REPEAT_BLINDLY
  :: provider == can_be_asked -> me.at = freeing
#else
  :: provider == can_be_asked && done > 0 -> me.receipt = done; me.at = committing
  :: provider == can_be_asked && done == 0 -> me.at = freeing
#endif
#ifdef MUTATION_UNKNOWN_IS_NO
  :: provider == neither -> me.at = freeing
#else
  :: provider == neither -> me.at = parking
#endif
  :: provider == can_be_asked && fault; me.at = parking              /* the probe cannot say */
  :: provider == deduplicates -> me.repeats = true; me.at = repeating
  fi
}

/* Another attempt follows, or a person is asked when there were enough. */
inline record_not_performed(w) {
  append(me.job, me.claimId);
  if
  :: reply == ok ->
    intended[me.job] = false;
    me.left = 0;
    me.repeats = false;
    me.at = (attempts[me.job] < ATTEMPTS -> intending : parking)
  :: reply == fenced -> forget(w)
  fi
}

/* Another task has the key: it waits for a timer, and no process holds it. */
inline suspend(w) {
  append(me.job, me.claimId);
  if
  :: reply == ok -> intended[me.job] = false; task[me.job].state = waiting
  :: reply == fenced -> skip
  fi;
  forget(w)
}

/* fire.lua. That a task looks at the key again and again is left out: it looks when there is something else to see. */
#define isHeldByOther(t) (entry == reserved && owner != t && task[1 - t].state != parked)
inline ring(t) {
  queue(t)
}

/* The outcome and the end of its task. */
inline record_outcome(w) {
  append(me.job, me.claimId);
  if
  :: reply == ok ->
    HOLDS(G5_recorded_is_done, me.isRejected || done > 0);
    intended[me.job] = false;
    task[me.job].state = completed;
    ended(me.job)
  :: reply == fenced -> skip
  fi;
  forget(w)
}

inline record_park(w) {
  append(me.job, me.claimId);
  if
  :: reply == ok -> park_task(me.job)
  :: reply == fenced -> skip
  fi;
  forget(w)
}

inline delay_call(w, kind) {
  me.order++;
  lateCall = kind;
  lateJob = me.job;
  lateClaim = me.claimId;
  lateEpoch = me.epoch;
  lateOrder = me.order;
  lateReceipt = me.receipt
}

proctype working(byte w) {
  {
end:
    do
    :: atomic { me.at == idle && (mayRead(w, 0) || mayRead(w, 1)) -> read_message(w) }
    :: atomic { me.at == claiming -> claim(w, 0, me.job, me.dispatch, me.claimId); granted(w) }
    :: atomic { me.at == intending -> intend(w) }
    :: atomic { asksForReservation(w) ->
        me.order++;
        reserve(me.job, me.claimId, me.epoch, me.order);
        if
        :: fault                                       /* no answer: asked again */
        :: reserved_or_not(w)
        fi;
        tidy() }
    :: atomic { asksForReservation(w) && lateCall == 0 && fault; delay_call(w, reserve_call) }
    :: atomic { me.at == acting -> act(w) }
    :: atomic { me.at == repeating -> send(w) }
    :: atomic { me.at == awaiting && (me.answer != none || flight[w] == 0) -> heed(w) }
    :: atomic { me.at == awaiting && me.answer == none && fault; heed(w) }          /* the connection is cut */
    :: atomic { me.at == asking -> ask(w) }
    :: atomic { me.at == committing ->
        commit(me.job, me.receipt);
        if
        :: fault
        :: answered == is_committed -> me.at = completing
        :: answered == conflict ->                     /* what another task did, seen by one who lost its claim */
          HOLDS(G5_one_receipt, task[me.job].claimId != me.claimId || task[me.job].state != running);
          forget(w)
        fi }
    :: atomic { me.at == committing && lateCall == 0 && fault; delay_call(w, commit_call) }
    :: atomic { me.at == freeing ->
        me.order++;
        release(me.job, me.claimId, me.order);
        if
        :: fault
        :: me.at = (me.isRejected -> completing : yielding)
        fi;
        tidy() }
    :: atomic { me.at == freeing && lateCall == 0 && fault; delay_call(w, release_call) }
    :: atomic { me.at == yielding -> record_not_performed(w) }
    :: atomic { me.at == postponing -> suspend(w) }
    :: atomic { me.at == completing -> record_outcome(w) }
    :: atomic { me.at == parking -> record_park(w) }
    od
  } unless { dead[w] }
}

/* ---- Everything else ---- */

#define keepsItsWord (provider == deduplicates && (done == 1 || refused))
#define waitsFor(w, it) if :: me.at == awaiting -> me.answer = it :: else -> skip fi

/* What comes of a request while it is on its way; its worker may have gone on, or be gone. */
proctype outside(byte w) {
end:
  do
  :: atomic { flight[w] > 0 && !refused ->
      if
      :: provider == deduplicates -> done = 1
      :: provider != deduplicates -> done++; HOLDS(G5_done_once, done == 1)
      fi;
      flight[w] = 0;
      if
      :: fault                                         /* the answer is lost */
      :: waitsFor(w, receipt_of)
      fi }
  :: atomic { flight[w] > 0 && refused -> flight[w] = 0; waitsFor(w, rejected) }
  :: atomic { flight[w] > 0 && fault; flight[w] = 0 }                                /* the request is lost */
  :: atomic { flight[w] > 0 && !keepsItsWord && fault; flight[w] = 0; waitsFor(w, not_performed) }
  :: atomic { flight[w] > 0 && !keepsItsWord && fault; flight[w] = 0; refused = (provider == deduplicates); waitsFor(w, rejected) }
  od
}

inline down(countdown) {
  countdown = (countdown > 0 -> countdown - 1 : 0)
}

inline tick_worker(w, standing, setBack) {
  down(flight[w]);
  if
  :: standing == w -> skip
  :: else -> down(me.monotonic); down(me.left)
  fi;
  if
  :: setBack == w -> skip
  :: else -> down(me.wall)
  fi
}

inline tick(standing, setBack) {
  tick_worker(0, standing, setBack);
  tick_worker(1, standing, setBack)
}

/* A request that is due comes, or is lost, before time goes on. */
#define mayPass (flight[0] != 1 && flight[1] != 1)
#define runs(w) (flight[w] > 0 || worker[w].left > 0 || worker[w].wall > 0 || worker[w].monotonic > 0)
#define NO_CLOCK WORKERS

proctype clock() {
end:
  do
  :: atomic { mayPass && (runs(0) || runs(1)) -> tick(NO_CLOCK, NO_CLOCK) }
  :: atomic { mayPass && worker[0].monotonic > 0 && fault; tick(0, NO_CLOCK) }
  :: atomic { mayPass && worker[1].monotonic > 0 && fault; tick(1, NO_CLOCK) }
  :: atomic { mayPass && worker[0].wall > 0 && fault; tick(NO_CLOCK, 0) }
  :: atomic { mayPass && worker[1].wall > 0 && fault; tick(NO_CLOCK, 1) }
  od
}

/* A call that was held up is worked off: the answer goes to nobody. */
proctype network() {
end:
  do
  :: atomic { lateCall != 0 ->
      if
      :: lateCall == reserve_call -> reserve(lateJob, lateClaim, lateEpoch, lateOrder)
      :: lateCall == commit_call -> commit(lateJob, lateReceipt)
      :: lateCall == release_call -> release(lateJob, lateClaim, lateOrder)
      fi;
      lateCall = 0;
      lateJob = 0;
      lateClaim = 0;
      lateEpoch = 0;
      lateOrder = 0;
      lateReceipt = 0;
      tidy() }
  od
}

proctype crash(byte w) {
end:
  atomic { !dead[1 - w] && fault; dead[w] = true; forget(w) }
}

proctype supervisor(byte t) {
end:
  do
  :: atomic { task[t].state == running && dead[task[t].worker] -> take_back(t, 0) }
  :: atomic { task[t].state == running && !dead[task[t].worker] && fault; take_back(t, 0) }
  :: atomic { task[t].state == waiting && !isHeldByOther(t) -> ring(t) }
  od
}

/* Whoever adopts a receipt before it is undone has it: that is looked at for one task alone. */
#ifdef ALONE
proctype rollback() {
end:
  atomic { entry == committed && task[owner].state == completed -> compensate() }
}
#endif

proctype observer() {
  timeout -> HOLDS(G6_nothing_lost, isOver(0) && isOver(1))
}

init {
  atomic {
    if
    :: provider = can_be_asked
    :: provider = deduplicates
    :: provider = neither
    fi;
    for (each : 0 .. TASKS - 1) {
      registered[each] = true;
      worker[each].at = idle;
      worker[each].answer = none;
      if
      :: isStarted(each) -> task[each].state = queued; task[each].dispatch = 1; deliver(each)
      :: else -> task[each].state = completed
      fi;
      run supervisor(each);
      run working(each);
      run outside(each);
      run crash(each)
    };
#ifdef ALONE
    run rollback();
#endif
    run clock(); run network(); run observer()
  }
}

ltl G6_every_effect_ends { <> (isOver(0) && isOver(1)) }
