/* A cursor over year, month, day and time in the usual separators; days by the Gregorian calendar's
 * arithmetic. */
#include "text/date.h"

struct cursor {
    const char *at, *end;
};

/* Up to `most` digits; false if there are fewer than `least`. */
static bool digits(struct cursor *c, int least, int most, int *value)
{
    int n = 0;
    *value = 0;
    while (c->at < c->end && n < most && *c->at >= '0' && *c->at <= '9') {
        *value = *value * 10 + (*c->at++ - '0');
        n++;
    }
    return n >= least;
}

/* Everything between two numbers of a date that is no digit: "-", ". ", "년 ". */
static void separator(struct cursor *c)
{
    while (c->at < c->end && (*c->at < '0' || *c->at > '9')) c->at++;
}

/* Days since 1970-01-01 of a proleptic Gregorian date (Hinnant, days_from_civil). */
static int64_t days_from_civil(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool is_day(int year, int month, int day)
{
    static const int lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1 || day > lengths[month - 1]) return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month != 2 || day < 29 || leap;
}

static int64_t clock_time(struct cursor *c)
{
    int hour, minute, second = 0, zone_hour = 0, zone_minute = 0;
    while (c->at < c->end && (*c->at == ' ' || *c->at == 'T' || *c->at == 't')) c->at++;
    if (!digits(c, 1, 2, &hour) || c->at >= c->end || *c->at++ != ':' || !digits(c, 2, 2, &minute))
        return 0;
    if (c->at < c->end && *c->at == ':') {
        c->at++;
        digits(c, 1, 2, &second);
    }
    if (c->at < c->end && *c->at == '.') {
        int fraction;
        c->at++;
        digits(c, 0, 9, &fraction);
    }
    int64_t seconds = hour * 3600 + minute * 60 + second;
    if (c->at < c->end && (*c->at == '+' || *c->at == '-')) {
        int sign = *c->at++ == '-' ? 1 : -1;
        digits(c, 1, 2, &zone_hour);
        if (c->at < c->end && *c->at == ':') c->at++;
        digits(c, 0, 2, &zone_minute);
        seconds += sign * (zone_hour * 3600 + zone_minute * 60);
    }
    return seconds;
}

bool fr_date_parse(const char *text, size_t len, int64_t *seconds)
{
    struct cursor c = {text, text + len};
    int year, month, day;
    while (c.at < c.end && *c.at == ' ') c.at++;
    if (!digits(&c, 4, 4, &year)) return false;
    separator(&c);
    if (!digits(&c, 1, 2, &month)) return false;
    separator(&c);
    if (!digits(&c, 1, 2, &day) || !is_day(year, month, day)) return false;
    if (c.end - c.at >= 3 && c.at[0] == '\xEC' && c.at[1] == '\x9D' && c.at[2] == '\xBC') c.at += 3;
    *seconds = days_from_civil(year, month, day) * 86400 + clock_time(&c);
    return true;
}
