/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads words and numbers, and decides by what they are which part of a date they must be; so
 * the order of RFC 5322, of asctime() and of ISO 8601 are one grammar.
 */
#include "mime/date.h"

#include "basic/text.h"

typedef struct DateReader {
        const char *at, *end;
        int year, month, day; /* -1 when not seen */
        int hour, minute, second;
        int zone_minutes;
        bool has_zone;
} DateReader;

static const char *const month_names[] = {
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
};

/* RFC 5322, section 4.3; military letters but Z mean an unknown zone. */
static const struct {
        const char *name;
        int hours;
} zones[] = {
        { "ut", 0 }, { "gmt", 0 }, { "utc", 0 }, { "z", 0 }, { "edt", -4 }, { "est", -5 },
        { "cdt", -5 }, { "cst", -6 }, { "mdt", -6 }, { "mst", -7 }, { "pdt", -7 }, { "pst", -8 },
};

static void skip_comment(DateReader *reader) {
        unsigned depth = 0;

        for (; reader->at < reader->end; reader->at++) {
                if (*reader->at == '\\' && reader->at + 1 < reader->end)
                        reader->at++;
                else if (*reader->at == '(')
                        depth++;
                else if (*reader->at == ')' && --depth == 0) {
                        reader->at++;
                        return;
                }
        }
}

/* Digits; a number above 9999 is too large for anything. Return: how many digits. */
static int take_digits(DateReader *reader, int *ret_number) {
        int number = 0, n_digits = 0;

        for (; reader->at < reader->end && char_is_digit(*reader->at); reader->at++, n_digits++)
                number = MIN(number * 10 + (*reader->at - '0'), 100000);
        *ret_number = number;
        return n_digits;
}

static bool next_is(const DateReader *reader, char c) {
        return reader->at < reader->end && *reader->at == c;
}

/* "10:11", "10:11:12", "10:11:12.5" */
static bool take_time(DateReader *reader, int hour) {
        if (reader->hour >= 0)
                return false;
        reader->hour = hour;
        reader->at++;
        if (take_digits(reader, &reader->minute) == 0)
                return false;
        if (!next_is(reader, ':'))
                return true;
        reader->at++;
        if (take_digits(reader, &reader->second) == 0)
                return false;
        if (next_is(reader, '.')) {
                int fraction;

                reader->at++;
                (void) take_digits(reader, &fraction); /* less than a second */
        }
        return true;
}

/* "+0200", "-05:30"; the sign was seen. */
static void take_zone(DateReader *reader, int sign) {
        int hours, minutes = 0, n_digits = take_digits(reader, &hours);

        if (n_digits >= 3) {
                minutes = hours % 100;
                hours /= 100;
        } else if (next_is(reader, ':')) {
                reader->at++;
                (void) take_digits(reader, &minutes); /* none are no minutes */
        }
        /* An offset that no place has is an unknown one. */
        if (n_digits > 0 && hours < 24 && minutes < 60)
                reader->zone_minutes = sign * (hours * 60 + minutes);
        reader->has_zone = true;
}

/* RFC 5322, section 4.3: two digits are 2000–2049 or 1950–1999, three are since 1900. */
static int full_year(int year, int n_digits) {
        if (n_digits == 2)
                return year < 50 ? 2000 + year : 1900 + year;
        return n_digits == 3 ? 1900 + year : year;
}

static bool take_iso_date(DateReader *reader, int year) {
        reader->year = year;
        reader->at++;
        if (take_digits(reader, &reader->month) == 0 || !next_is(reader, '-'))
                return false;
        reader->month--;
        reader->at++;
        return take_digits(reader, &reader->day) > 0;
}

static bool take_number(DateReader *reader) {
        int number, n_digits = take_digits(reader, &number);

        if (next_is(reader, ':'))
                return take_time(reader, number);
        if (reader->day < 0 && n_digits == 4 && next_is(reader, '-'))
                return take_iso_date(reader, number);
        if (reader->day < 0) {
                reader->day = number;
                return n_digits <= 2;
        }
        if (reader->year >= 0)
                return true; /* a number behind a complete date */
        reader->year = full_year(number, n_digits);
        return n_digits >= 2 && n_digits <= 4;
}

/* "May", "MAY", "Mayo"; -1 when it is none. */
static int find_month(const char *word, size_t size) {
        for (size_t i = 0; i < ELEMENTSOF(month_names); i++)
                if (size >= 3 && text_equal_nocase_range(word, 3, month_names[i]))
                        return (int) i;
        return -1;
}

static void take_word(DateReader *reader) {
        const char *word = reader->at;
        size_t size;
        int month;

        while (reader->at < reader->end && char_is_alpha(*reader->at))
                reader->at++;
        size = (size_t) (reader->at - word);
        if (reader->hour >= 0 && !reader->has_zone)
                for (size_t i = 0; i < ELEMENTSOF(zones); i++)
                        if (text_equal_nocase_range(word, size, zones[i].name)) {
                                reader->zone_minutes = zones[i].hours * 60;
                                reader->has_zone = true;
                                return;
                        }
        month = find_month(word, size);
        if (month >= 0 && reader->month < 0)
                reader->month = month;
}

static bool take_item(DateReader *reader) {
        char c = *reader->at;

        if (char_is_digit(c))
                return take_number(reader);
        if (char_is_alpha(c)) {
                take_word(reader);
                return true;
        }
        if (c == '(') {
                skip_comment(reader);
                return true;
        }
        reader->at++;
        if ((c == '+' || c == '-') && reader->hour >= 0 && !reader->has_zone)
                take_zone(reader, c == '-' ? -1 : 1);
        return true;
}

static bool is_leap(int year) {
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_date(const DateReader *date) {
        static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        int n_days;

        if (date->year < 0 || date->year > 9999 || date->month < 0 || date->month > 11)
                return false;
        n_days = date->month == 1 && is_leap(date->year) ? 29 : days[date->month];
        return date->day >= 1 && date->day <= n_days && date->hour < 24 && date->minute < 60 &&
               date->second <= 60;
}

/* Days since 1970-01-01; years begin in March so that the leap day is their last. */
static int64_t days_of(int year, int month, int day) {
        int64_t y = month < 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400;
        int64_t year_of_era = y - era * 400;
        int64_t day_of_year = (153 * (month < 2 ? month + 10 : month - 2) + 2) / 5 + day - 1;

        return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
               day_of_year - 719468;
}

bool mime_date_parse(const char *text, size_t size, int64_t *ret_sec,
                     int16_t *ret_zone_minutes) {
        DateReader date = {
                .at = text, .end = text + size, .year = -1, .month = -1, .day = -1, .hour = -1,
        };
        int64_t sec;

        while (date.at < date.end)
                if (!take_item(&date))
                        return false;
        if (!is_date(&date))
                return false;
        sec = days_of(date.year, date.month, date.day) * 86400;
        if (date.hour >= 0)
                sec += date.hour * 3600 + date.minute * 60 + MIN(date.second, 59);
        *ret_sec = sec - date.zone_minutes * 60;
        *ret_zone_minutes = (int16_t) date.zone_minutes;
        return true;
}
