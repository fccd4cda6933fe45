/* Decides a file of households: JSON Lines on standard input, a line of decisions for each on standard output.

     decide 2019-06-30 < households.jsonl > decisions.jsonl

   A household is given as `fupin eval` takes it, and what is written is what `fupin eval --format json` writes. A line
   that cannot be read becomes {"problems": [...]} with its number and reason, and the next is gone on with. Codes H…
   are those of `fupin`; with C1… this program refuses what `fupin` might take: it never guesses.
   Nothing is allocated. Exit code: 0 all decided, 1 some refused, 2 wrong usage. */
#include "anqiu.h"

#include <stdio.h>
#include <string.h>

/*@notation*/
