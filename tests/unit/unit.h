/* What every unit test includes: cmocka and what it wants before it. */
#ifndef SLUICE_TESTS_UNIT_UNIT_H
#define SLUICE_TESTS_UNIT_UNIT_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#endif
