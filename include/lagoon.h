/*
** Lagoon: stores that any part of a program can read, write and listen to. This header is the
** reference; each group of functions is also a manual page.
**
**     lg_lagoon *lagoon = lg_lagoon_new(NULL);
**     lg_store *price = lg_atom(lagoon, lg_int(3));
**     lg_subscribe(price, print_price, NULL);
**     lg_set(price, lg_int(4));
**     lg_lagoon_free(lagoon);
**
** Three rules hold for every function:
**
** Ownership. A function that builds or stores something takes over the values it is given, also
** when it fails: lg_set(name, lg_string(lagoon, "Ann")) leaks nothing. A function that only looks
** (lg_as_int, lg_equal, lg_list_get ...) borrows them. What lg_get, lg_list_get, lg_object_get,
** lg_path_get and iterators return is borrowed as well: it is good until its store changes or its
** container is released; lg_keep makes it yours. Numbers, bools, null and short strings need
** neither lg_keep nor lg_release; both do nothing for them.
**
** Failure. Functions return an lg_status, a NULL pointer, or a value of the type LG_FAILED. A
** failed call changes nothing. A failed value that is handed to another function makes that one
** fail with the same status, so only the last call of an expression needs a check. NULL for a
** lagoon, store or listener is LG_E_ARGUMENT, if the comment does not say otherwise.
**
** Threads. A lagoon, its stores and its values belong to one thread at a time; lg_post is the only
** function for other threads. Builds without NDEBUG check it: LG_E_THREAD. Lagoons of one thread may
** share values. */
#ifndef LAGOON_H
#define LAGOON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LG_VERSION_MAJOR 1
#define LG_VERSION_MINOR 5
#define LG_VERSION_PATCH 5
#define LG_VERSION "1.5.5"

/* A set of stores with its own graph, clock and task count. */
typedef struct lg_lagoon lg_lagoon;

/* An atom, a map, a deep map, a computed or a batched. */
typedef struct lg_store lg_store;

/* A function that was given to a store: a listener, an effect, or a listener of an event. */
typedef struct lg_listener lg_listener;

/* ==== lg_error: what can go wrong ===============================================================
**
**     lg_store *total = lg_atom(lagoon, lg_int(0));
**     if (lg_set(total, lg_int(1)) != LG_OK) {
**       fprintf(stderr, "%s\n", lg_last_error(lagoon));
**     }
*/

typedef enum lg_status {
  LG_OK = 0,
  LG_E_ARGUMENT, /* NULL, or a number out of range */
  LG_E_TYPE,     /* a value of a type that can't be used there */
  LG_E_READONLY, /* a write to a computed */
  LG_E_FOREIGN,  /* a store of another lagoon */
  LG_E_CYCLE,    /* a computed depends on itself */
  LG_E_ENDLESS,  /* what runs for a change changes its own source, again and again */
  LG_E_ABORTED,  /* a listener of lg_on_set did not allow the write */
  LG_E_MEMORY,   /* the allocator returned NULL */
  LG_E_SYNTAX,   /* JSON or a path that can't be read */
  LG_E_UTF8,     /* text that is not UTF-8 */
  LG_E_DEPTH,    /* lists and objects nested deeper than LG_MAX_DEPTH */
  LG_E_NAME,     /* a shared name that is taken */
  LG_E_FULL,     /* more posts than the queue holds */
  LG_E_BUSY,     /* not while an update runs */
  LG_E_THREAD,   /* a lagoon of another thread */
  LG_E_CALLBACK, /* a function of the host's called lg_fail */
  LG_E_MISSING   /* built without it */
} lg_status;

/* What a status means, in English, never NULL. The text is static. */
const char *lg_strerror(lg_status status);

/* What the last failed call on this lagoon had to say: the name of the store (see lg_set_name), the
** mistake, and what to do. "" if none failed so far, or for NULL. Good until the next failure.
** Functions that only make or change a value tell by that value alone. */
const char *lg_last_error(const lg_lagoon *lagoon);

/* The status of that call. LG_OK if none failed so far; LG_E_ARGUMENT for NULL. */
lg_status lg_last_status(const lg_lagoon *lagoon);

/* For the host's functions: says that a listener, effect, event or computed failed. The others are
** still called; then the call that caused it returns LG_E_CALLBACK and lg_last_error gives `text`,
** which is copied (up to 200 bytes). Of several failures the last one is told, but not what the
** function ignored when another call failed in it. A computed keeps its value, and see lg_computed.
** Outside of such a function, and in one that compares (lg_set_equal), it only sets lg_last_error.
** `text` NULL: "failed". */
void lg_fail(lg_lagoon *lagoon, const char *text);

/* ==== lg_memory: allocators and clocks ==========================================================
**
**     static max_align_t memory[1024];
**     lg_options options = {0};
**     options.allocator = lg_arena(memory, sizeof memory);
**     lg_lagoon *small = lg_lagoon_new(&options);
**     lg_lagoon_free(small);
*/

/* The only way in which a lagoon gets and gives back memory. */
typedef struct lg_allocator {
  /* Behaves as realloc: `block` NULL allocates, `size` 0 frees and returns NULL, anything else
  ** resizes and keeps the content. `old_size` is what the block was asked for with, 0 for NULL.
  ** Returns memory aligned for any type, or NULL, which leaves `block` as it was. */
  void *(*resize)(void *ctx, void *block, size_t old_size, size_t size);
  void *ctx;
} lg_allocator;

/* What can be chosen for a lagoon. All zero is the default for each. */
typedef struct lg_options {
  lg_allocator allocator; /* realloc and free. Must be given where the library has no libc */
  /* Milliseconds from any fixed point in time, never going back. Default: the monotonic clock;
  ** where the library has no libc, a clock that stands still */
  uint64_t (*clock)(void *ctx);
  void *clock_ctx;
  /* Called by lg_post on the posting thread: let the lagoon's thread call lg_run_posts. Once for
  ** all posts until that looks for them; what comes later is told again. It must not call the
  ** lagoon itself */
  void (*wake)(void *ctx);
  void *wake_ctx;
  uint32_t post_capacity; /* how many posts can wait; rounded up to a power of two. Default 256 */
  uint64_t hash_seed; /* against chosen keys that collide. Default: made from clock and address */
} lg_options;

/* An allocator in a block of `size` bytes that the caller owns, for programs without malloc. It
** rounds up to 16 bytes (8 on most 32-bit machines), joins what is freed with what is free around
** it, takes the same time for any size, and needs a hundredth of the block for itself. The block
** must be aligned for any type, live as long as the lagoon and its values, and be used for one
** lagoon. NULL or too little (some 100 bytes): every allocation fails. The posts take 24 bytes
** each, see post_capacity. */
lg_allocator lg_arena(void *block, size_t size);

/* ==== lg_lagoon: a set of stores ================================================================
**
**     lg_lagoon *other = lg_lagoon_new(NULL);
**     lg_store *count = lg_atom(other, lg_int(0));
**     lg_set(count, lg_int(1));
**     lg_lagoon_free(other);
*/

/* A new, empty lagoon. `options` may be NULL, and is copied. NULL: no memory, or an option out of
** range (post_capacity above 65,536). The caller owns it: lg_lagoon_free. */
lg_lagoon *lg_lagoon_new(const lg_options *options);

/* Ends a lagoon with all of its stores and listeners: first calls the clean-ups of effects and what
** was given to lg_on_mount as `unmount`, then lg_on_destroy's functions; what these try to write
** fails with LG_E_BUSY. Values that were kept stay good until they are released. Posts that wait
** are dropped. NULL: LG_OK, nothing. LG_E_BUSY in the middle of an update; then it is still there.
** */
lg_status lg_lagoon_free(lg_lagoon *lagoon);

/* Hands a lagoon over to the calling thread, which owns it from now on. The thread that had it must
** be done with it. LG_E_ARGUMENT: NULL. */
lg_status lg_lagoon_claim(lg_lagoon *lagoon);

/* Whose lagoon a store is. NULL for NULL. */
lg_lagoon *lg_lagoon_of(const lg_store *store);

/* The version of the library that is linked, as "1.5.5"; LG_VERSION is that of the header. */
const char *lg_version(void);

/* ==== lg_value: values ==========================================================================
** A value is 16 bytes, passed by value, and never changes. Strings of up to 13 bytes are within it;
** what does not fit is on the heap and counts its owners.
**
**     lg_value name = lg_string(lagoon, "Astronaut Figurine");
**     printf("%s has %zu bytes\n", lg_text(&name), lg_size(name));
**     lg_release(name);
*/

typedef enum lg_type {
  LG_UNDEFINED = 0, /* no value: a key that is not there; what a computed holds before it runs */
  LG_NULL,
  LG_BOOL,
  LG_INT,    /* 64 bits, with sign */
  LG_DOUBLE, /* IEEE 754 */
  LG_STRING, /* UTF-8; may contain NUL */
  LG_BYTES,
  LG_LIST,
  LG_OBJECT,  /* keys are strings, in the order in which they were first set */
  LG_POINTER, /* to something of the host's */
  LG_FAILED   /* not a value but the failure to make one; lg_status_of tells which */
} lg_type;

/* Use the functions below: the fields are here so that they can be inlined. */
typedef struct lg_value {
  uint8_t type;
  uint8_t size; /* of a short string or bytes; LG_ON_HEAP: `as.block` is used */
  uint16_t text;
  uint32_t more_text;
  union {
    uint64_t bits;
    int64_t integer;
    double number;
    void *block;
  } as;
} lg_value;

#define LG_ON_HEAP 255u
#define LG_MAX_INLINE 13u

/* How deep lists and objects can be nested; a program that changes it builds the library with the
** same. To compare takes about 400 bytes of stack for each level, to release none. */
#ifndef LG_MAX_DEPTH
#define LG_MAX_DEPTH 256
#endif

/* What the next ones are made of. */
static inline lg_value lg_scalar(lg_type type, uint64_t bits) {
  lg_value v;
  v.type = (uint8_t)type;
  v.size = 0;
  v.text = 0;
  v.more_text = 0;
  v.as.bits = bits;
  return v;
}

/* These need no memory and can't fail. */
static inline lg_value lg_undefined(void) { return lg_scalar(LG_UNDEFINED, 0); }
static inline lg_value lg_null(void) { return lg_scalar(LG_NULL, 0); }
static inline lg_value lg_bool(bool b) { return lg_scalar(LG_BOOL, b); }
static inline lg_value lg_int(int64_t i) { return lg_scalar(LG_INT, (uint64_t)i); }

/* Every NaN becomes the same one. */
static inline lg_value lg_double(double d) {
  lg_value v = lg_scalar(LG_DOUBLE, 0x7ff8000000000000u);
  if (d == d) v.as.number = d;
  return v;
}

/* What a function of the host's returns to say that it failed; see also lg_fail. LG_OK is no
** failure: LG_E_ARGUMENT. */
static inline lg_value lg_failed(lg_status status) {
  return lg_scalar(LG_FAILED, (uint64_t)(status == LG_OK ? LG_E_ARGUMENT : status));
}

/* A copy of a text that ends with NUL. LG_FAILED: `text` is NULL, no memory, or not UTF-8. */
lg_value lg_string(lg_lagoon *lagoon, const char *text);

/* A copy of `size` bytes of UTF-8, which may contain NUL. `text` may be NULL if `size` is 0. */
lg_value lg_string_n(lg_lagoon *lagoon, const char *text, size_t size);

/* A copy of `size` bytes of anything. `data` may be NULL if `size` is 0. */
lg_value lg_bytes(lg_lagoon *lagoon, const void *data, size_t size);

/* A pointer of the host's. `destroy`, which may be NULL, is called with it when the last owner
** releases the value; at once if there is no memory for the value. In it, the functions of the
** lagoon fail with LG_E_BUSY. */
lg_value lg_pointer(lg_lagoon *lagoon, void *pointer, void (*destroy)(void *pointer));

/* What kind of value it is. */
static inline lg_type lg_type_of(lg_value v) { return (lg_type)v.type; }
static inline bool lg_is_undefined(lg_value v) { return v.type == LG_UNDEFINED; }
static inline bool lg_is_failed(lg_value v) { return v.type == LG_FAILED; }

/* Of a failed value, why. LG_OK for all others. */
static inline lg_status lg_status_of(lg_value v) {
  return v.type == LG_FAILED ? (lg_status)v.as.bits : LG_OK;
}

/* What lg_as_int calls for all but ints, and lg_as_double for all but doubles. */
int64_t lg_to_int(lg_value v);
double lg_to_double(lg_value v);

/* The number in an int or, rounded towards zero and kept within the range, a double. 0 for
** others. */
static inline int64_t lg_as_int(lg_value v) {
  return v.type == LG_INT ? v.as.integer : lg_to_int(v);
}

/* The number in a double or an int. 0 for others. */
static inline double lg_as_double(lg_value v) {
  return v.type == LG_DOUBLE ? v.as.number : lg_to_double(v);
}

/* The bool. False for others. */
static inline bool lg_as_bool(lg_value v) { return v.type == LG_BOOL && v.as.bits != 0; }

/* The pointer. NULL for others. */
void *lg_as_pointer(lg_value v);

/* The bytes of a string, with a NUL behind them: good as long as *v is not moved and its value not
** released. NULL for others and for NULL. */
const char *lg_text(const lg_value *v);

/* The same for bytes, without a NUL. */
const void *lg_data(const lg_value *v);

/* How many bytes a string or bytes has, elements a list, keys an object. 0 for others. */
size_t lg_size(lg_value v);

/* What lg_keep and lg_release call for a value on the heap. */
void lg_keep_block(void *block);
void lg_release_block(void *block);

/* One owner more; returns `v`. */
static inline lg_value lg_keep(lg_value v) {
  if (v.size == LG_ON_HEAP) lg_keep_block(v.as.block);
  return v;
}

/* One owner less; the last one frees it. Not for what is borrowed. */
static inline void lg_release(lg_value v) {
  if (v.size == LG_ON_HEAP) lg_release_block(v.as.block);
}

/* Whether a store that is set from `a` to `b` stays as it is, as Object.is in JavaScript: the same
** number (NaN is NaN, 0 is not -0, the int 1 is the double 1), the same text or bytes, the very
** same list, object or pointer. */
bool lg_same(lg_value a, lg_value b);

/* Whether two values have the same content, however deep; objects in any order of keys. A list or
** object that is in both at the same place takes no time. */
bool lg_equal(lg_value a, lg_value b);

/* Below 0, 0 or above 0: a total order, by type (undefined, null, bool, number, string, bytes,
** list, object, pointer), then by content. Strings in the order of their bytes; -0 before 0; NaN
** behind all numbers; lists and objects element by element, an object's sorted by key. 0 if
** lg_equal. */
int lg_compare(lg_value a, lg_value b);

/* Equal values have equal hashes, in every lagoon of this process. Not for use outside of it, nor
** against chosen keys. */
uint64_t lg_hash(lg_value v);

/* ==== lg_list: lists ============================================================================
** A persistent list: a change makes a new one that shares nearly all of the old one's memory, in a
** time that grows with the logarithm of the size. The last owner's list is changed in place. A
** function that fails has taken the list over all the same: hand it lg_keep(list) to go on with the
** old one.
**
**     lg_value list = lg_list(lagoon);
**     list = lg_list_push(list, lg_int(1));
**     list = lg_list_push(list, lg_string(lagoon, "two"));
**     for (lg_iterator i = lg_iterate(list); lg_next(&i);) {
**       printf("%zu: type %d\n", i.index, lg_type_of(i.value));
**     }
**     lg_release(list);
*/

/* An empty list, by lg_same another one at each call. LG_FAILED: `lagoon` is NULL, no memory. */
lg_value lg_list(lg_lagoon *lagoon);

/* The element at `index`, borrowed; undefined if there is none or `list` is no list. */
lg_value lg_list_get(lg_value list, size_t index);

/* The list with the element at `index` replaced. All of these take `list` and `value` over.
** LG_FAILED: `index` is not below the size (LG_E_ARGUMENT), no list or an undefined value
** (LG_E_TYPE), nested too deep, no memory. */
lg_value lg_list_set(lg_value list, size_t index, lg_value value);

/* The list with one more element at its end. */
lg_value lg_list_push(lg_value list, lg_value value);

/* The list with an element put before `index`, which may be the size. Takes time with the number of
** elements behind it. A list has at most 4,294,967,295 elements: LG_E_MEMORY. */
lg_value lg_list_insert(lg_value list, size_t index, lg_value value);

/* The list without the element at `index`. The last one leaves in the time of a push; for others,
** as lg_list_insert. */
lg_value lg_list_remove(lg_value list, size_t index);

/* ==== lg_object: objects ========================================================================
** A persistent object, as lists are. Keys are UTF-8; the functions with `_n` take them by length.
**
**     lg_value item = lg_object(lagoon);
**     item = lg_object_set(item, "name", lg_string(lagoon, "Astronaut Figurine"));
**     item = lg_object_set(item, "quantity", lg_int(2));
**     printf("%d of them\n", (int)lg_as_int(lg_object_get(item, "quantity")));
**     lg_release(item);
*/

/* An empty object, as lg_list. */
lg_value lg_object(lg_lagoon *lagoon);

/* The value of a key, borrowed; undefined if there is none, or `object` is no object, or `key` is
** NULL. */
lg_value lg_object_get(lg_value object, const char *key);
lg_value lg_object_get_n(lg_value object, const char *key, size_t size);

/* The object with the key set: at the place it had, or at the end. An undefined value removes the
** key. Takes `object` and `value` over. LG_FAILED: `key` is NULL (LG_E_ARGUMENT) or not UTF-8, no
** object (LG_E_TYPE), nested too deep, no memory. */
lg_value lg_object_set(lg_value object, const char *key, lg_value value);
lg_value lg_object_set_n(lg_value object, const char *key, size_t size, lg_value value);

/* The object without the key; the same one if it has none. LG_FAILED: as above. */
lg_value lg_object_remove(lg_value object, const char *key);
lg_value lg_object_remove_n(lg_value object, const char *key, size_t size);

/* A walk over a list, or over an object in the order of its keys. What it shows is borrowed; the
** container must live as long. Who changes it meanwhile walks over one that is kept. */
typedef struct lg_iterator {
  lg_value key;   /* of an object: a string. Of a list: undefined */
  lg_value value; /* undefined before the first lg_next and behind the last */
  size_t index;   /* counts from 0 */
  lg_value container;
  const void *leaf;
  uint64_t position;
} lg_iterator;

/* Begins before the first element. Other types have none. */
lg_iterator lg_iterate(lg_value container);

/* Goes on to the next element; false behind the last one. NULL: false. */
bool lg_next(lg_iterator *iterator);

/* ==== lg_path: paths ============================================================================
** A path leads into nested objects and lists: keys, separated by dots, and indexes in brackets, as
** in "user.tags[0]". A number between dots is an index where there is a list. Every text is a path:
** brackets around no number belong to the key, and "" is the empty key.
**
**     lg_value newest = lg_string(lagoon, "new");
**     lg_value user = lg_path_set(lagoon, lg_object(lagoon), "tags[0]", newest);
**     lg_value tag = lg_path_get(user, "tags[0]");
**     printf("%s\n", lg_text(&tag));
**     lg_release(user);
*/

/* What is at the path, borrowed; undefined if there is nothing, or `path` is NULL. */
lg_value lg_path_get(lg_value value, const char *path);

/* `value` with what is at the path replaced, or removed by undefined, which moves up what is behind
** it in a list. What is missing or null on the way is made: a list if an index follows, otherwise
** an object; a list is filled up with null. An undefined or null `value` is an empty object. Takes
** both values over. LG_FAILED: `path` is NULL, an index above 1,000,000 that is beyond the end
** (LG_E_ARGUMENT), a key where there is a list, something that has no parts on the way (LG_E_TYPE),
** not UTF-8, nested too deep, no memory. */
lg_value lg_path_set(lg_lagoon *lagoon, lg_value value, const char *path, lg_value part);

/* ==== lg_json: JSON =============================================================================
** Reading and writing are done with Jansson. A library that was built without it returns
** LG_E_MISSING. What Jansson needs for the time of a call comes from malloc, not from the lagoon's
** allocator.
**
**     lg_json_error error;
**     lg_value cart = lg_json_parse(lagoon, "{\"hat\": 2}", 10, &error);
**     if (lg_is_failed(cart)) printf("%d:%d: %s\n", error.line, error.column, error.reason);
**     lg_value text = lg_json_text(lagoon, cart, 0);
**     printf("%s\n", lg_text(&text));
**     lg_release(text);
**     lg_release(cart);
*/

typedef struct lg_json_error {
  int line;         /* counts from 1; 0 if it has no place */
  int column;       /* in characters, counts from 1 */
  char reason[160]; /* in English */
} lg_json_error;

/* The value of a JSON text of `size` bytes: any value, not only objects. A number without fraction
** and exponent is an int, or a failure if it needs more than 64 bits. A key given twice is a
** failure, and so is one with a NUL. `error` may be NULL; the column is that of the last character
** that was read. LG_FAILED: LG_E_SYNTAX or LG_E_UTF8 with the place in *error, LG_E_DEPTH, no
** memory, `text` NULL. */
lg_value lg_json_parse(lg_lagoon *lagoon, const char *text, size_t size, lg_json_error *error);

/* The JSON text of a value, as a string value, which is yours. `indent`: 0 for one line, otherwise
** how many spaces (at most 31). A double is as short as it can be and be read as the same double, a
** whole one ends with ".0". Borrows `value`. LG_FAILED: undefined, bytes, a pointer, NaN or an
** infinity in it (LG_E_TYPE), no memory, `indent` above 31. */
lg_value lg_json_text(lg_lagoon *lagoon, lg_value value, unsigned indent);

/* ==== lg_store: stores ==========================================================================
** A store belongs to its lagoon and counts its owners. Who makes one owns it, and may forget it:
** lg_lagoon_free takes all. A store that is released lives on as long as somebody listens to it.
**
**     lg_store *items = lg_map(lagoon);
**     lg_set_name(items, "cart items");
**     lg_set_key(items, "hat", lg_int(2));
**     printf("%d hats\n", (int)lg_as_int(lg_get_key(items, "hat")));
**     lg_store_release(items);
*/

/* A store with one value, which it takes over and which may be undefined. All that make a store
** return NULL if that fails: NULL lagoon, a failed value, no memory; lg_last_error tells. */
lg_store *lg_atom(lg_lagoon *lagoon, lg_value initial);

/* An object that is written key by key, at first empty. */
lg_store *lg_map(lg_lagoon *lagoon);

/* The same with an object to begin with. NULL also: not an object. */
lg_store *lg_map_from(lg_lagoon *lagoon, lg_value object);

/* An object that is written path by path, at first empty. */
lg_store *lg_deep_map(lg_lagoon *lagoon);
lg_store *lg_deep_map_from(lg_lagoon *lagoon, lg_value object);

/* Computes the value of a store; what it returns is taken over. It fails by an LG_FAILED value, or
** a call of lg_fail: the listeners are told no value then. It may read stores, and should not write
** any. */
typedef lg_value (*lg_compute_fn)(lg_lagoon *lagoon, void *ctx);

/* The same from the values of the listed stores, in that order, borrowed. */
typedef lg_value (*lg_derive_fn)(lg_lagoon *lagoon, const lg_value *values, void *ctx);

/* A store whose value `fn` computes from the stores it reads with lg_get: while it is mounted, once
** after each change of one of them, and not at all if nobody needs it. If it failed, so does each
** read, with what lg_last_error told, until one of them changes; what read it runs again when it
** recovers. `ctx` is handed to `fn`, and must live as long as the store (see lg_on_destroy). */
lg_store *lg_computed(lg_lagoon *lagoon, lg_compute_fn fn, void *ctx);

/* A store whose value `fn` computes from `count` (1 to 65,535) listed stores, which it keeps. The
** list is copied. Reading other stores in `fn` is allowed but does not make it depend on them. If
** it fails, the store keeps its value. */
lg_store *lg_computed_from(lg_lagoon *lagoon, lg_store *const *stores, size_t count,
                           lg_derive_fn fn, void *ctx);

/* The same, computed not at once but by the next lg_run_timers, or when it is read: once for
** however many changes. */
lg_store *lg_batched(lg_lagoon *lagoon, lg_compute_fn fn, void *ctx);
lg_store *lg_batched_from(lg_lagoon *lagoon, lg_store *const *stores, size_t count, lg_derive_fn fn,
                          void *ctx);

/* The current value, borrowed until the store changes. Within lg_computed, lg_batched and lg_effect
** it makes the store one of those depended on. A store that nobody listens to is mounted for a
** moment. LG_FAILED: NULL, a computed that failed or depends on itself; LG_E_ENDLESS: each run of it
** leads to a write to what it reads; LG_E_DEPTH: more than 2,000 computeds that track were never read
** and read each other. */
lg_value lg_get(lg_store *store);

/* The same without depending on it. */
lg_value lg_peek(lg_store *store);

/* The value of a key of a map, of a path of a deep map or of any store with an object; depends on
** the whole store. Undefined if there is none. */
lg_value lg_get_key(lg_store *store, const char *key);

/* Sets the value, taking it over, and calls the listeners, unless it is the same by lg_same or
** lg_set_equal. LG_E_READONLY: a computed. LG_E_TYPE: not an object, for a map. LG_E_ABORTED: see
** lg_on_set. LG_E_CALLBACK, LG_E_CYCLE, LG_E_ENDLESS, and the status of a computed that failed: the
** value was set, and a function that followed from it failed. */
lg_status lg_set(lg_store *store, lg_value value);

/* Sets a key of a map, or a path of a deep map; undefined removes it. As lg_set, and LG_E_TYPE: not
** a map. */
lg_status lg_set_key(lg_store *store, const char *key, lg_value value);

/* Calls the listeners as if the value had changed: for a pointer whose target did. */
lg_status lg_notify(lg_store *store);

/* Everything written until the matching end reaches the listeners at the end, and each of them
** once. A store that has its old value again by then (by lg_same or lg_set_equal) is told to its
** listeners, but runs no computed and no lg_effect. Batches nest: only the outermost end counts. It
** returns the first failure of a write in the batch, otherwise what the update returned;
** LG_E_ARGUMENT without a begin. So the writes of a batch need no checks of their own.
**
**     lg_store *a = lg_atom(lagoon, lg_int(1)), *b = lg_atom(lagoon, lg_int(2));
**     lg_batch_begin(lagoon);
**     lg_set(a, lg_int(3));
**     lg_set(b, lg_int(4));
**     lg_batch_end(lagoon);
*/
lg_status lg_batch_begin(lg_lagoon *lagoon);
lg_status lg_batch_end(lg_lagoon *lagoon);

/* Decides whether a written value changes anything: true leaves the store as it is. NULL: lg_same
** again. For a map it decides lg_set; lg_set_key_equal decides lg_set_key. */
typedef bool (*lg_equal_fn)(lg_value a, lg_value b, void *ctx);
typedef bool (*lg_key_equal_fn)(lg_value a, lg_value b, const char *key, void *ctx);
lg_status lg_set_equal(lg_store *store, lg_equal_fn fn, void *ctx);
lg_status lg_set_key_equal(lg_store *map, lg_key_equal_fn fn, void *ctx);

/* A name for errors and drawings; copied. NULL takes it away. lg_name gives "" where there is none.
** */
lg_status lg_set_name(lg_store *store, const char *name);
const char *lg_name(const lg_store *store);

/* One owner more; returns `store`, also NULL. */
lg_store *lg_store_keep(lg_store *store);

/* One owner less. A store that nobody owns and nobody listens to is gone. NULL: nothing. */
void lg_store_release(lg_store *store);

/* Calls `fn` when the store is gone: the place to free its `ctx`. It must not use the store. */
lg_status lg_on_destroy(lg_store *store, void (*fn)(void *ctx), void *ctx);

/* ==== lg_listen: listeners and effects ==========================================================
** What these return belongs to the lagoon: it is good until lg_unlisten, and may be forgotten.
** NULL: a failure, see lg_last_error; then `fn` is not called any more. Listeners are called in the
** order in which they were added, each once for a change, and may do anything.
**
**     lg_store *stock = lg_atom(lagoon, lg_int(5));
**     lg_listener *listener = lg_listen(stock, print_change, NULL);
**     lg_set(stock, lg_int(4));
**     lg_unlisten(listener);
*/

/* What a listener is told; good during the call. */
typedef struct lg_change {
  lg_store *store;
  lg_value value;
  lg_value old_value; /* undefined: the first call of lg_subscribe, and lg_notify */
  const char *key;    /* which key or path was set; NULL: the whole value, or a batch */
} lg_change;

typedef void (*lg_listen_fn)(const lg_change *change, void *ctx);

/* Calls `fn` after each change. The store is mounted as long as somebody listens. */
lg_listener *lg_listen(lg_store *store, lg_listen_fn fn, void *ctx);

/* The same, and calls it at once. */
lg_listener *lg_subscribe(lg_store *store, lg_listen_fn fn, void *ctx);

/* The same for some keys of a map, or paths of a deep map; they are copied. With count 0 it is
** never called for a change. */
lg_listener *lg_listen_keys(lg_store *store, const char *const *keys, size_t count, lg_listen_fn fn,
                            void *ctx);
lg_listener *lg_subscribe_keys(lg_store *store, const char *const *keys, size_t count,
                               lg_listen_fn fn, void *ctx);

/* Lets one listener of lg_listen listen to one more store: a batch that changes both calls it once.
** lg_unlisten ends all. LG_E_FOREIGN; LG_E_ARGUMENT: not a listener of lg_listen or lg_subscribe,
** or a function that was called to mount the store has ended it. */
lg_status lg_listen_also(lg_listener *listener, lg_store *store);

/* Runs `fn` now, and again whenever a store changed that its last run read with lg_get. NULL if the
** first run failed, or a listener of what it wrote: the effect has ended then.
**
** An effect of either kind that is made in `fn`, or in the function of an lg_computed or
** lg_batched, belongs to that: it ends before the next run, or the end or unmounting, as if by
** lg_unlisten. Do not lg_unlisten it later, other than in a clean-up of `fn`, which comes after
** that. */
typedef void (*lg_effect_fn)(lg_lagoon *lagoon, void *ctx);
lg_listener *lg_effect(lg_lagoon *lagoon, lg_effect_fn fn, void *ctx);

/* Runs `fn` now, and again after each change of one of the listed stores (1 to 65,535). */
typedef void (*lg_effect_from_fn)(lg_lagoon *lagoon, const lg_value *values, void *ctx);
lg_listener *lg_effect_from(lg_lagoon *lagoon, lg_store *const *stores, size_t count,
                            lg_effect_from_fn fn, void *ctx);

/* Within an effect: calls `fn` before its next run, or when it ends. LG_E_ARGUMENT outside of one.
** */
lg_status lg_on_cleanup(lg_lagoon *lagoon, void (*fn)(void *ctx), void *ctx);

/* Ends a listener, an effect (its clean-up is called) or a listener of an event. It may be called
** from within `fn`. NULL: LG_OK, nothing. */
lg_status lg_unlisten(lg_listener *listener);

/* How many listen to a store, computeds included. 0 for NULL. */
size_t lg_listener_count(const lg_store *store);

/* ==== lg_lifecycle: events of a store ===========================================================
** Listeners of events are called in the reverse order in which they were added. Each function
** returns a listener for lg_unlisten, or NULL. It ends with its store: do not lg_unlisten it when
** that is gone.
**
**     lg_store *weather = lg_atom(lagoon, lg_undefined());
**     lg_on_mount(weather, start_sensor, stop_sensor, NULL);
**     lg_listener *shown = lg_listen(weather, print_change, NULL);
**     lg_unlisten(shown);
*/

/* How many milliseconds after its last listener a store is unmounted, and stops listening to the
** stores that it depends on, whose time begins then. */
#define LG_UNMOUNT_DELAY 1000

/* What is told about an event; good during the call. */
typedef struct lg_event {
  lg_store *store;
  lg_value new_value; /* lg_on_set: the whole value as it is to be, also for lg_set_key */
  lg_value old_value; /* lg_on_notify: what it was before */
  const char *key;    /* the key or path; NULL: the whole value */
  bool abort;         /* lg_on_set, lg_on_notify: set to true to prevent it */
  void **shared;      /* one pointer for all listeners of this event, at first NULL */
} lg_event;

typedef void (*lg_event_fn)(lg_event *event, void *ctx);

/* Calls `mount` when the store gets its first listener, before it is read, and `unmount`, which may
** be NULL, LG_UNMOUNT_DELAY after it lost the last one. */
lg_listener *lg_on_mount(lg_store *store, lg_event_fn mount, void (*unmount)(void *ctx), void *ctx);

/* At the first listener, and at the end of the last one, without a delay. */
lg_listener *lg_on_start(lg_store *store, lg_event_fn fn, void *ctx);
lg_listener *lg_on_stop(lg_store *store, lg_event_fn fn, void *ctx);

/* Before a value is written; lg_set then returns LG_E_ABORTED if it was aborted. */
lg_listener *lg_on_set(lg_store *store, lg_event_fn fn, void *ctx);

/* After a value was written, before listeners are called; abort keeps them from being called. */
lg_listener *lg_on_notify(lg_store *store, lg_event_fn fn, void *ctx);

/* Keeps a store mounted. */
lg_listener *lg_keep_mount(lg_store *store);

/* Whether a store is mounted: between `mount` and `unmount`. False for NULL. */
bool lg_is_mounted(const lg_store *store);

/* ==== lg_timer: time ============================================================================
** A lagoon has no thread and no event loop: the host asks when to come back, and comes back.
**
**     uint64_t when = lg_next_deadline(lagoon);
**     if (when == LG_NEVER) puts("nothing to wait for");
**     lg_run_timers(lagoon);
*/

#define LG_NEVER UINT64_MAX

/* When the next timer is due, in milliseconds of the lagoon's clock; it may be in the past.
** LG_NEVER: none, or NULL. */
uint64_t lg_next_deadline(const lg_lagoon *lagoon);

/* What the lagoon's clock shows, in milliseconds. 0 for NULL. */
uint64_t lg_now(const lg_lagoon *lagoon);

/* Runs what is due: unmounts stores, computes batched ones. Returns the last failure in it, as
** lg_set. LG_E_BUSY: within an update. */
lg_status lg_run_timers(lg_lagoon *lagoon);

/* ==== lg_task: tasks ============================================================================
** Counts what goes on elsewhere, so that a program can wait until all stores have their values.
**
**     lg_task_start(lagoon);
**     lg_when_tasks_done(lagoon, print_done, NULL);
**     lg_task_end(lagoon);
*/

/* One task more, or less. LG_E_ARGUMENT: no task is running. `end` calls those that wait. */
lg_status lg_task_start(lg_lagoon *lagoon);
lg_status lg_task_end(lg_lagoon *lagoon);

/* Calls `fn` once, as soon as no task is running: now, if none is. LG_E_ENDLESS: each function adds
** another one. */
lg_status lg_when_tasks_done(lg_lagoon *lagoon, void (*fn)(void *ctx), void *ctx);

/* How many are running. 0 for NULL. */
size_t lg_tasks_running(const lg_lagoon *lagoon);

/* ==== lg_map_creator: maps by id ================================================================
**
**     lg_map_creator *users = lg_map_creator_new(lagoon, load_user, NULL, NULL);
**     lg_store *user = lg_map_creator_get(users, "42");
**     lg_store_release(user);
**     lg_map_creator_free(users);
*/

typedef struct lg_map_creator lg_map_creator;

/* Makes maps of which each has its id under the key "id", and calls `mount` (with the id) and
** `unmount` for each; both may be NULL. The caller owns it; it ends with the lagoon at the latest.
** NULL: failure. */
lg_map_creator *lg_map_creator_new(lg_lagoon *lagoon,
                                   void (*mount)(lg_store *map, const char *id, void *ctx),
                                   void (*unmount)(lg_store *map, const char *id, void *ctx),
                                   void *ctx);

/* The map with this id: always the same one until it is unmounted. The caller owns a reference.
** NULL: failure. */
lg_store *lg_map_creator_get(lg_map_creator *creator, const char *id);

/* Forgets the creator; its maps live on as long as they are owned. NULL: nothing. */
void lg_map_creator_free(lg_map_creator *creator);

/* ==== lg_snapshot: state that travels, and pictures of it =======================================
**
**     lg_store *theme = lg_atom(lagoon, lg_string(lagoon, "dark"));
**     lg_share(theme, "theme");
**     lg_value snapshot = lg_snapshot(lagoon);
**     lg_restore(lagoon, snapshot, NULL);
*/

/* Gives a store the shared name under which it travels; copied. NULL takes it away. LG_E_NAME:
** another store of the lagoon has it. LG_E_UTF8. LG_E_READONLY: a computed, which is never sent, but
** follows. */
lg_status lg_share(lg_store *store, const char *name);

/* The values of all shared stores, as an object by their names, in the order in which they were
** shared. It is yours. LG_FAILED: no memory. */
lg_value lg_snapshot(lg_lagoon *lagoon);

/* Sets all shared stores that the snapshot names, as one batch; takes it over. Names that no store
** has are left out, and counted in *unknown, which may be NULL. LG_E_TYPE: not an object, or not
** one where a map needs it; then nothing was set. Otherwise as lg_set. */
lg_status lg_restore(lg_lagoon *lagoon, lg_value snapshot, size_t *unknown);

/* Takes a piece of text; false stops the writing, which then returns LG_E_CALLBACK. It must not use
** the lagoon. */
typedef bool (*lg_write_fn)(const char *text, size_t size, void *ctx);

/* Writes the graph of all mounted stores and their listeners in the language of Graphviz:
** `dot -Tsvg` draws it. */
lg_status lg_dot(lg_lagoon *lagoon, lg_write_fn write, void *ctx);

typedef struct lg_stats {
  size_t stores;     /* that are not gone */
  size_t nodes;      /* of the graph: mounted stores, listeners and effects */
  size_t edges;      /* of the graph */
  size_t listeners;  /* and effects, and listeners of events */
  size_t bytes;      /* that the lagoon and its values hold now */
  size_t peak;       /* the most they ever held */
  uint64_t updates;  /* changes of stores, computeds included */
  uint64_t computes; /* runs of functions of computeds */
  uint64_t calls;    /* of listeners and effects */
} lg_stats;

/* Fills *stats. LG_E_ARGUMENT: one of them is NULL. */
lg_status lg_get_stats(const lg_lagoon *lagoon, lg_stats *stats);

/* ==== lg_post: other threads ====================================================================
**
**     lg_post(lagoon, add_reading, NULL);
**     lg_run_posts(lagoon);
*/

/* From any thread, or from an interrupt: lets the lagoon's thread call `fn` in its lg_run_posts.
** Posts of one thread are called in their order. It takes no lock and no memory. The lagoon must
** not be freed meanwhile. LG_E_FULL: post_capacity of them wait already; try again later. */
lg_status lg_post(lg_lagoon *lagoon, void (*fn)(lg_lagoon *lagoon, void *ctx), void *ctx);

/* Calls what was posted so far. Returns LG_OK; what `fn` does, it checks itself. LG_E_BUSY: within
** an update. */
lg_status lg_run_posts(lg_lagoon *lagoon);

#ifdef __cplusplus
}
#endif

#endif
