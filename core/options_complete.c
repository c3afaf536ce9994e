/* Completions for bash and zsh: tools, options, words of closed sets, files elsewhere. */
#include "core/options.h"

static int names_a_file(const char *arg)
{
    return strstr(arg, "FILE") || strstr(arg, "DIR") || strstr(arg, "PATH") ||
           strstr(arg, "TABLE") || strstr(arg, "LAKE");
}

/* The words of "auto|always|never", with spaces between; the set ends at the first that is not
 * literal. */
static int words(struct buffer *out, const char *arg)
{
    for (; *arg; arg++)
        TRY(buffer_putc(out, *arg == '|' ? ' ' : *arg));
    return 0;
}

static int bash_options(struct buffer *out, const struct tool *tool)
{
    struct option o;
    TRY(buffer_printf(out, "    %s) options='", tool->name));
    for (size_t i = 0; options_number(tool, i, &o); i++) {
        TRY(buffer_printf(out, "%s--%s", i ? " " : "", o.name));
        if (o.letter)
            TRY(buffer_printf(out, " -%c", o.letter));
    }
    return buffer_string(out, "' ;;\n");
}

/* What stands behind an option: words, a file (bash's own completion), or nothing to offer. */
static int bash_values(struct buffer *out, const struct tool *tool)
{
    struct option o;
    for (size_t i = 0; options_number(tool, i, &o); i++) {
        if (!o.arg)
            continue;
        TRY(buffer_printf(out, "    %s:--%s", tool->name, o.name));
        if (o.letter)
            TRY(buffer_printf(out, "|%s:-%c", tool->name, o.letter));
        TRY(buffer_string(out, ") "));
        if (options_closed(o.arg)) {
            TRY(buffer_string(out, "kind=words values='"));
            TRY(words(out, o.arg));
            TRY(buffer_string(out, "' ;;\n"));
        } else {
            TRY(buffer_printf(out, "kind=%s ;;\n", names_a_file(o.arg) ? "file" : "none"));
        }
    }
    return 0;
}

/* bash cuts words at "=", so "--to=csv" comes as three. */
static const char bash_head[] =
    "# bash completion for sluice; made from the option tables\n"
    "_sluice()\n"
    "{\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]-} prev=${COMP_WORDS[COMP_CWORD - 1]-}\n"
    "    local tool=${COMP_WORDS[1]-} options= kind= values= i\n"
    "    if [ \"$cur\" = = ]; then\n"
    "        cur=\n"
    "    elif [ \"$prev\" = = ] && [ \"$COMP_CWORD\" -gt 2 ]; then\n"
    "        prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n"
    "    COMPREPLY=()\n";

static const char bash_tail[] =
    "    esac\n"
    "    for ((i = 2; i < COMP_CWORD; i++)); do\n"
    "        [ \"${COMP_WORDS[i]}\" = -- ] && kind=file\n"
    "    done\n"
    "    case $kind in\n"
    "    words) COMPREPLY=($(compgen -W \"$values\" -- \"$cur\")) ;;\n"
    "    none) compopt +o default 2>/dev/null ;;\n"
    "    file) ;;\n"
    "    *) case $cur in -*) COMPREPLY=($(compgen -W \"$options\" -- \"$cur\")) ;; esac ;;\n"
    "    esac\n"
    "}\n"
    "complete -o default -F _sluice sluice\n";

int options_complete_bash(const struct tool *const *tools, int n, struct buffer *out)
{
    TRY(buffer_string(out, bash_head));
    TRY(buffer_string(out, "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                           "        COMPREPLY=($(compgen -W '"));
    for (int i = 0; i < n; i++)
        TRY(buffer_printf(out, "%s ", tools[i]->name));
    TRY(buffer_string(out, "--help --version' -- \"$cur\"))\n"
                           "        compopt +o default 2>/dev/null\n"
                           "        return 0\n"
                           "    fi\n"
                           "    case $tool in\n"));
    for (int i = 0; i < n; i++)
        TRY(bash_options(out, tools[i]));
    TRY(buffer_string(out, "    esac\n"
                           "    case $tool:$prev in\n"));
    for (int i = 0; i < n; i++)
        TRY(bash_values(out, tools[i]));
    return buffer_string(out, bash_tail);
}

/* Inside single quotes, where _arguments and _describe take colons and brackets for their own. */
static int zsh_text(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'') {
            TRY(buffer_string(out, "'\\''"));
            continue;
        }
        if (strchr(":[]\\", *text))
            TRY(buffer_putc(out, '\\'));
        TRY(buffer_putc(out, *text));
    }
    return 0;
}

static int zsh_value(struct buffer *out, const char *arg)
{
    TRY(buffer_putc(out, ':'));
    TRY(zsh_text(out, arg));
    TRY(buffer_putc(out, ':'));
    if (names_a_file(arg))
        return buffer_string(out, "_files");
    if (!options_closed(arg))
        return buffer_putc(out, ' ');
    TRY(buffer_putc(out, '('));
    TRY(words(out, arg));
    return buffer_putc(out, ')');
}

/* '(-o --output)'{-o+,--output=}'[sentence]:FILE:_files' */
static int zsh_option(struct buffer *out, const struct option *o)
{
    const char *repeat = o->kind == OPTION_LIST ? "*" : "";
    TRY(buffer_string(out, " \\\n            "));
    if (o->letter && o->kind != OPTION_LIST)
        TRY(buffer_printf(out, "'(-%c --%s)'", o->letter, o->name));
    if (o->letter)
        TRY(buffer_printf(out, "%s{-%c%s,--%s%s}'[", *repeat ? "'*'" : "", o->letter,
                          o->arg ? "+" : "", o->name, o->arg ? "=" : ""));
    else
        TRY(buffer_printf(out, "'%s--%s%s[", repeat, o->name, o->arg ? "=" : ""));
    TRY(zsh_text(out, o->help));
    TRY(buffer_putc(out, ']'));
    if (o->arg)
        TRY(zsh_value(out, o->arg));
    return buffer_putc(out, '\'');
}

static int zsh_tool(struct buffer *out, const struct tool *tool)
{
    struct option o;
    TRY(buffer_printf(out, "    %s)\n        _arguments -s -S", tool->name));
    for (size_t i = 0; options_number(tool, i, &o); i++)
        TRY(zsh_option(out, &o));
    if (*tool->operands)
        TRY(buffer_string(out, " \\\n            '*:file:_files'"));
    return buffer_string(out, "\n        ;;\n");
}

int options_complete_zsh(const struct tool *const *tools, int n, struct buffer *out)
{
    TRY(buffer_string(out, "#compdef sluice\n"
                           "# zsh completion for sluice; made from the option tables\n"
                           "_sluice() {\n"
                           "    local -a tools=(\n"));
    for (int i = 0; i < n; i++) {
        TRY(buffer_printf(out, "        '%s:", tools[i]->name));
        TRY(zsh_text(out, tools[i]->summary));
        TRY(buffer_string(out, "'\n"));
    }
    TRY(buffer_string(out, "    )\n"
                           "    if (( CURRENT == 2 )); then\n"
                           "        _describe tool tools\n"
                           "        return\n"
                           "    fi\n"
                           "    shift words\n"
                           "    (( CURRENT-- ))\n"
                           "    case $words[1] in\n"));
    for (int i = 0; i < n; i++)
        TRY(zsh_tool(out, tools[i]));
    return buffer_string(out, "    esac\n"
                              "}\n"
                              "_sluice \"$@\"\n");
}
