/* A quick look at a record for paths that a tree does not have yet, without parsing: when there are
 * none, which is nearly always, the record need not be parsed to learn from it. */
#ifndef SLUICE_CONNECTORS_XML_GLANCE_H
#define SLUICE_CONNECTORS_XML_GLANCE_H

#include "connectors/xml/record.h"

/* 1 when there may be news, or something is not as it should be; 0 when there is nothing new. */
int xml_glance(struct xml_record *r, struct slice text);

#endif
