/* Linked into a program that must not allocate: whoever tries ends it. */
#include <stddef.h>
#include <stdlib.h>

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);
void free(void *old);

void *malloc(size_t size) {
  (void)size;
  abort();
}

void *calloc(size_t count, size_t size) {
  (void)count;
  return malloc(size);
}

void *realloc(void *old, size_t size) {
  (void)old;
  return malloc(size);
}

void free(void *old) {
  if (old) abort();
}
