/* The sinks of JSON Lines and of JSON (an array of objects). */
#ifndef SLUICE_CONNECTORS_JSON_WRITE_H
#define SLUICE_CONNECTORS_JSON_WRITE_H

#include "connectors/format.h"

int json_write_lines(const char *path, const struct schema *schema,
                     const struct write_options *options, struct sink **ret, struct error *err);
int json_write_array(const char *path, const struct schema *schema,
                     const struct write_options *options, struct sink **ret, struct error *err);

#endif
