/* The tools: one file each, one line in main.c's table. */
#ifndef SLUICE_CMD_TOOLS_H
#define SLUICE_CMD_TOOLS_H

#include "core/options.h"

enum tool_group {
    GROUP_MAIN,
    GROUP_STEPS,
    GROUP_UNDERSTAND,
    GROUP_DECIDE,
    GROUP_ACT,
    GROUP_PRIVACY,
    GROUP_PROJECT
};

/* All tools in the order of the overview; ends in NULL. */
extern const struct tool *const tools[];

#endif
