#include "schemas/pattern.h"

enum { NESTING = 100, REPEATS = 1000, ASCII = 128 };

enum opcode { OP_SET, OP_JUMP, OP_SPLIT, OP_BEGIN, OP_END, OP_FOUND };

/* Targets are relative, so that code can be moved. */
struct instruction {
    enum opcode op;
    int x, y;
    uint64_t set[2]; /* of ASCII */
    int others;      /* takes any other code point */
    uint32_t rune;   /* or this one; 0: none */
};

struct pattern {
    struct instruction *code;
    int n;
};

struct compiler {
    struct slice text;
    size_t at;
    struct pattern *out;
    int depth;
    struct error *err;
};

static int alternatives(struct compiler *c);

static int wrong(struct compiler *c, const char *what)
{
    return error_set(c->err, ERR_CONFIG, "the pattern '%.*s' %s", (int)c->text.len, c->text.ptr,
                     what);
}

static int peek(const struct compiler *c)
{
    return c->at < c->text.len ? (unsigned char)c->text.ptr[c->at] : -1;
}

static int insert(struct compiler *c, int at, struct instruction i)
{
    struct pattern *p = c->out;
    if (p->n >= PATTERN_STATES)
        return wrong(c, "is too long");
    memmove(p->code + at + 1, p->code + at, (size_t)(p->n - at) * sizeof *p->code);
    p->code[at] = i;
    p->n++;
    return 0;
}

static int emit(struct compiler *c, struct instruction i)
{
    return insert(c, c->out->n, i);
}

static void set_range(struct instruction *i, uint32_t from, uint32_t to)
{
    for (uint32_t r = from; r <= to && r < ASCII; r++)
        i->set[r / 64] |= UINT64_C(1) << r % 64;
}

static void invert(struct instruction *i)
{
    i->set[0] = ~i->set[0];
    i->set[1] = ~i->set[1];
    i->others = !i->others;
}

/* \d and its like into the set: 1, or 0 when the letter is another. */
static int set_named(struct instruction *i, int letter)
{
    struct instruction named = {0};
    switch (letter | 32) {
    case 'w':
        set_range(&named, 'a', 'z');
        set_range(&named, 'A', 'Z');
        set_range(&named, '_', '_');
        set_range(&named, '0', '9');
        break;
    case 'd':
        set_range(&named, '0', '9');
        break;
    case 's':
        set_range(&named, '\t', '\r');
        set_range(&named, ' ', ' ');
        break;
    default:
        return 0;
    }
    if (!(letter & 32))
        invert(&named);
    i->set[0] |= named.set[0];
    i->set[1] |= named.set[1];
    i->others |= named.others;
    return 1;
}

static int is_letter(int c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9');
}

/* One end of a range in a class, or the whole of \d: *ret -1 then. */
static int class_item(struct compiler *c, struct instruction *i, int *ret)
{
    int one = peek(c);
    c->at++;
    *ret = one;
    if (one >= ASCII)
        return wrong(c, "has a character beyond ASCII in a class");
    if (one != '\\')
        return 0;
    one = peek(c);
    c->at++;
    *ret = one;
    if (one >= 0 && set_named(i, one))
        *ret = -1;
    else if (one < 0 || is_letter(one))
        return wrong(c, "has a \\ before what needs none");
    return 0;
}

static int character_class(struct compiler *c)
{
    struct instruction i = {.op = OP_SET};
    int negated = peek(c) == '^';
    c->at += (size_t)negated;
    for (int first = 1; first || peek(c) != ']'; first = 0) {
        int from, to;
        if (peek(c) < 0)
            return wrong(c, "has a [ that is not closed");
        TRY(class_item(c, &i, &from));
        to = from;
        if (from >= 0 && peek(c) == '-' && c->at + 1 < c->text.len &&
            c->text.ptr[c->at + 1] != ']') {
            c->at++;
            TRY(class_item(c, &i, &to));
            if (to < from)
                return wrong(c, "has a range that ends before it begins");
        }
        if (from >= 0)
            set_range(&i, (uint32_t)from, (uint32_t)to);
    }
    c->at++;
    if (negated)
        invert(&i);
    return emit(c, i);
}

static int group(struct compiler *c)
{
    if (++c->depth > NESTING)
        return wrong(c, "nests too deep");
    if (c->text.len - c->at >= 2 && memcmp(c->text.ptr + c->at, "?:", 2) == 0)
        c->at += 2;
    /* A state for each group: an empty one repeated costs states too, so they bound the work. */
    TRY(emit(c, (struct instruction){.op = OP_JUMP, .x = 1}));
    TRY(alternatives(c));
    if (peek(c) != ')')
        return wrong(c, "has a ( that is not closed");
    c->at++;
    c->depth--;
    return 0;
}

static int escaped(struct compiler *c)
{
    struct instruction i = {.op = OP_SET};
    int one = peek(c);
    c->at++;
    if (one < 0 || one >= ASCII)
        return wrong(c, "has a \\ before what needs none");
    if (!set_named(&i, one)) {
        if (is_letter(one))
            return wrong(c, "has a \\ before a letter that means nothing");
        set_range(&i, (uint32_t)one, (uint32_t)one);
    }
    return emit(c, i);
}

static int atom(struct compiler *c)
{
    struct instruction i = {.op = OP_SET};
    int one = peek(c);
    if (one == '*' || one == '+' || one == '?' || one == '{')
        return wrong(c, "repeats nothing");
    c->at++;
    switch (one) {
    case '(':
        return group(c);
    case '[':
        return character_class(c);
    case '\\':
        return escaped(c);
    case '^':
        return emit(c, (struct instruction){.op = OP_BEGIN});
    case '$':
        return emit(c, (struct instruction){.op = OP_END});
    case '.':
        invert(&i);
        return emit(c, i);
    default:
        break;
    }
    c->at--;
    c->at += slice_utf8_next(slice_of(c->text.ptr + c->at, c->text.len - c->at), &i.rune);
    if (i.rune < ASCII)
        set_range(&i, i.rune, i.rune);
    return emit(c, i);
}

static int star(struct compiler *c, int from)
{
    int len = c->out->n - from;
    TRY(insert(c, from, (struct instruction){.op = OP_SPLIT, .x = 1, .y = len + 2}));
    return emit(c, (struct instruction){.op = OP_JUMP, .x = -(len + 1)});
}

static int optional(struct compiler *c, int from)
{
    int len = c->out->n - from;
    return insert(c, from, (struct instruction){.op = OP_SPLIT, .x = 1, .y = len + 1});
}

static int count(struct compiler *c, int *ret)
{
    int n = 0, digits = 0;
    for (; peek(c) >= '0' && peek(c) <= '9' && n <= REPEATS; digits++, c->at++)
        n = n * 10 + peek(c) - '0';
    *ret = n;
    return digits && n <= REPEATS;
}

/* {2}, {2,} or {2,5}: *ret_most -1 for no end. */
static int counts(struct compiler *c, int *ret_least, int *ret_most)
{
    int good = count(c, ret_least);
    *ret_most = *ret_least;
    if (good && peek(c) == ',') {
        c->at++;
        *ret_most = -1;
        if (peek(c) != '}')
            good = count(c, ret_most) && *ret_most >= *ret_least;
    }
    if (!good || peek(c) != '}')
        return wrong(c, "has a { that is no {n}, {n,} or {n,m} of up to 1000");
    c->at++;
    return 0;
}

/* The atom's text is compiled again for each copy. */
static int copy_atom(struct compiler *c, size_t text_from)
{
    size_t after = c->at;
    c->at = text_from;
    int code = atom(c);
    c->at = after;
    return code;
}

static int repeat_counted(struct compiler *c, int from, size_t text_from)
{
    int least, most;
    TRY(counts(c, &least, &most));
    c->out->n = from;
    for (int i = 0; i < least; i++)
        TRY(copy_atom(c, text_from));
    for (int i = least; i < most; i++) {
        int at = c->out->n;
        TRY(copy_atom(c, text_from));
        TRY(optional(c, at));
    }
    if (most >= 0)
        return 0;
    int at = c->out->n;
    TRY(copy_atom(c, text_from));
    return star(c, at);
}

static int repeated(struct compiler *c)
{
    size_t text_from = c->at;
    int from = c->out->n;
    TRY(atom(c));
    switch (peek(c)) {
    case '*':
        c->at++;
        return star(c, from);
    case '+':
        c->at++;
        return emit(c, (struct instruction){.op = OP_SPLIT, .x = from - c->out->n, .y = 1});
    case '?':
        c->at++;
        return optional(c, from);
    case '{':
        c->at++;
        return repeat_counted(c, from, text_from);
    default:
        return 0;
    }
}

static int alternatives(struct compiler *c)
{
    int from = c->out->n;
    while (peek(c) >= 0 && peek(c) != '|' && peek(c) != ')')
        TRY(repeated(c));
    if (peek(c) != '|')
        return 0;
    c->at++;
    TRY(insert(c, from, (struct instruction){.op = OP_SPLIT, .x = 1, .y = c->out->n - from + 2}));
    int jump = c->out->n;
    TRY(emit(c, (struct instruction){.op = OP_JUMP}));
    if (++c->depth > NESTING)
        return wrong(c, "has too many alternatives");
    TRY(alternatives(c));
    c->depth--;
    c->out->code[jump].x = c->out->n - jump;
    return 0;
}

int pattern_parse(struct slice text, struct arena *a, struct pattern **ret, struct error *err)
{
    struct compiler c = {.text = text, .err = err};
    c.out = ARENA_NEW(a, struct pattern);
    if (!c.out)
        return error_memory(err);
    c.out->code = ARENA_ARRAY(a, struct instruction, PATTERN_STATES);
    if (!c.out->code)
        return error_memory(err);
    TRY(alternatives(&c));
    if (peek(&c) == ')')
        return wrong(&c, "has a ) too many");
    TRY(emit(&c, (struct instruction){.op = OP_FOUND}));
    *ret = c.out;
    return 0;
}

/* The states that the automaton is in, each once. */
struct states {
    int16_t list[PATTERN_STATES];
    int n;
};

struct run {
    const struct pattern *p;
    uint32_t seen[PATTERN_STATES]; /* the step that a state was last added in, from 1 */
    uint32_t step;
    int at_begin, at_end, found;
};

static void add(struct run *r, struct states *to, int state)
{
    while (r->seen[state] != r->step && !r->found) {
        const struct instruction *i = &r->p->code[state];
        r->seen[state] = r->step;
        switch (i->op) {
        case OP_SET:
            to->list[to->n++] = (int16_t)state;
            return;
        case OP_FOUND:
            r->found = 1;
            return;
        case OP_SPLIT:
            add(r, to, state + i->y);
            state += i->x;
            break;
        case OP_JUMP:
            state += i->x;
            break;
        case OP_BEGIN:
        case OP_END:
            if (!(i->op == OP_BEGIN ? r->at_begin : r->at_end))
                return;
            state++;
            break;
        }
    }
}

static int takes(const struct instruction *i, uint32_t rune)
{
    if (rune < ASCII)
        return (int)(i->set[rune / 64] >> rune % 64 & 1);
    return i->others || i->rune == rune;
}

int pattern_found(const struct pattern *p, struct slice text)
{
    struct run r = {.p = p, .step = 1};
    struct states now = {.n = 0}, then = {.n = 0};
    size_t at = 0;
    for (;; r.step++) {
        uint32_t rune;
        r.at_begin = at == 0;
        r.at_end = at == text.len;
        for (int i = 0; i < then.n; i++)
            add(&r, &now, then.list[i]);
        add(&r, &now, 0);
        if (r.found || r.at_end)
            return r.found;
        at += slice_utf8_next(slice_of(text.ptr + at, text.len - at), &rune);
        then.n = 0;
        for (int i = 0; i < now.n; i++)
            if (takes(&p->code[now.list[i]], rune))
                then.list[then.n++] = (int16_t)(now.list[i] + 1);
        now.n = 0;
    }
}
