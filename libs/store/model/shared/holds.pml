/* A guarantee by its name: what the search prints when it does not hold. The name is a variable that is no part of the
 * state, so that it costs none. */
#define HOLDS(name, condition) name = (condition); assert(name)
