/* What all models share of a task: its record, its deliveries, and how it comes to a worker and leaves it.
 *
 * Each inline is what the function of its name does in libs/store/src/functions. Redis runs one function at a time, so
 * each is one step: whoever calls it does so inside `atomic`.
 *
 * A model defines TASKS, WORKERS and CRASH_BUDGET before it includes this, and these hooks:
 *   on_claim(t)    a claim is granted
 *   on_let_go(t)   the task leaves its worker
 *   on_park(t)     the task waits for a person from now on
 */
#include "holds.pml"

hidden byte G2_one_writer;           /* an append is accepted under the newest claim alone */
hidden byte S4_one_dispatch;         /* a claim takes a task that is queued, under its last dispatch */
hidden byte S5_held_by_registered;   /* what is held is held by a worker that a reaper visits */

mtype:state = { queued, running, waiting, parked, held, completed, failed, cancelled };
mtype:reply = { ok, duplicate, fenced, rewound, taken, unregistered };

#define NOBODY 0   /* no claim; ids of claims begin at 1 */

/* Fields as in shared/task.lua. */
typedef Task {
  mtype:state state;
  byte claimId;
  byte appended;
  byte dispatch;
  byte worker;
  byte beat;
  byte crashes
};
Task task[TASKS];

/* The inbox of the role: of each task, a bit for each dispatch number that a message lies there for. A message stays
 * until a claim is decided about it, so that two workers may read the same one. */
byte inbox[TASKS];
#define message(dispatch) (1 << (dispatch))

/* Workers that a reaper visits: the sorted set `workers`. */
bool registered[WORKERS];
bool dead[WORKERS];

/* What a function answers, read before its step ends. */
hidden mtype:reply reply;

/* Ghosts: seen by assertions alone. */
byte newest[TASKS];   /* the claim that was granted last */

#define has_ended(t) (task[t].state == completed || task[t].state == failed || task[t].state == cancelled)

inline deliver(t) {
  inbox[t] = inbox[t] | message(task[t].dispatch)
}

/* Under the next dispatch number, so that no earlier message can be claimed any more (S4). */
inline queue(t) {
  task[t].state = queued;
  task[t].dispatch++;
  deliver(t)
}

/* The claim stays in the record: it is what a late append is compared with. */
inline let_go(t) {
  on_let_go(t)
}

inline park_task(t) {
  task[t].state = parked;
  on_park(t)
}

/* From shared/recovery.lua. A crash here counts at once; that only those count which a process had while it held the
 * task alone changes how many it takes, and not what follows. */
inline deliver_again(t) {
  let_go(t);
  if
  :: task[t].crashes < CRASH_BUDGET -> queue(t)
  :: else -> park_task(t)
  fi
}

inline take_back(t, counts) {
  task[t].crashes = task[t].crashes + counts;
  deliver_again(t)
}

/* claim.lua. A repeat under the same id gets the same answer (S2). */
inline claim(w, atBeat, t, under, id) {
  if
#ifdef MUTATION_CLAIM_BY_UNREGISTERED
  :: false -> skip
#else
  :: !registered[w] -> reply = unregistered
#endif
  :: else ->
    if
    :: task[t].claimId == id && task[t].state == running -> reply = ok
    :: else ->
      inbox[t] = inbox[t] & ~message(under);
      if
#if defined(MUTATION_CLAIM_RUNNING)
      :: (task[t].state == queued || task[t].state == running) && task[t].dispatch == under ->
#elif defined(MUTATION_CLAIM_ANY_DISPATCH)
      :: task[t].state == queued ->
#else
      :: task[t].state == queued && task[t].dispatch == under ->
#endif
        HOLDS(S4_one_dispatch, task[t].state == queued);
        HOLDS(S5_held_by_registered, registered[w]);
        task[t].state = running;
        task[t].claimId = id;
        task[t].worker = w;
        task[t].beat = atBeat;
        task[t].appended = 0;
        newest[t] = id;
        on_claim(t);
        reply = ok
      :: else -> reply = taken
      fi
    fi
  fi
}
