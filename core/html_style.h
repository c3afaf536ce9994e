/* The style sheet that every page of ours carries; see html.h. */
#ifndef SLUICE_CORE_HTML_STYLE_H
#define SLUICE_CORE_HTML_STYLE_H

extern const char html_style[];

#endif
