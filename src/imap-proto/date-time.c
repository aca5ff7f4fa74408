/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates of IMAP, read and written without the C library's zones. */
#include "imap-proto/date-time.h"

#include "basic/text.h"

enum { SEC_PER_DAY = 86400, SEC_PER_MINUTE = 60, MINUTES_PER_HOUR = 60, LAST_YEAR = 9999 };

static const char month_names[12][4] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

typedef struct Day {
        int year, month, day; /* month and day from 1 */
} Day;

/*
 * Days since 1970-01-01 in the Gregorian calendar, in which years begin in March, so that the
 * leap day is the last, and 400 of them (an era) have 146097 days.
 */
static int64_t day_to_number(Day day) {
        int64_t year = day.month <= 2 ? day.year - 1 : day.year;
        int64_t era = (year >= 0 ? year : year - 399) / 400;
        int64_t year_of_era = year - era * 400;
        int64_t day_of_year = (153 * (day.month > 2 ? day.month - 3 : day.month + 9) + 2) / 5 +
                              day.day - 1;

        return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
               day_of_year - 719468;
}

static Day day_from_number(int64_t number) {
        int64_t shifted = number + 719468;
        int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
        int64_t day_of_era = shifted - era * 146097;
        int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                               day_of_era / 146096) / 365;
        int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 -
                                            year_of_era / 100);
        int64_t month = (5 * day_of_year + 2) / 153;

        return (Day){
                .year = (int) (year_of_era + era * 400 + (month >= 10)),
                .month = (int) (month < 10 ? month + 3 : month - 9),
                .day = (int) (day_of_year - (153 * month + 2) / 5 + 1),
        };
}

static int days_in(int year, int month) {
        Day next = month == 12 ? (Day){ year + 1, 1, 1 } : (Day){ year, month + 1, 1 };

        return (int) (day_to_number(next) - day_to_number((Day){ year, month, 1 }));
}

/* Exactly n digits. */
static bool take_digits(const char **at, const char *end, int n, int *ret_number) {
        int number = 0;

        for (int i = 0; i < n; i++) {
                if (*at == end || !char_is_digit(**at))
                        return false;
                number = number * 10 + (*(*at)++ - '0');
        }
        *ret_number = number;
        return true;
}

static bool take_char(const char **at, const char *end, char c) {
        if (*at == end || **at != c)
                return false;
        (*at)++;
        return true;
}

static bool take_month(const char **at, const char *end, int *ret_month) {
        if (end - *at < 3)
                return false;
        for (int i = 0; i < 12; i++)
                if (text_equal_nocase_range(*at, 3, month_names[i])) {
                        *at += 3;
                        *ret_month = i + 1;
                        return true;
                }
        return false;
}

/* One or two digits, a month, four digits; the day must exist. */
static bool take_day(const char **at, const char *end, Day *ret_day) {
        int n_digits = end - *at >= 2 && char_is_digit((*at)[1]) ? 2 : 1;
        Day day;

        if (!take_digits(at, end, n_digits, &day.day) || !take_char(at, end, '-') ||
            !take_month(at, end, &day.month) || !take_char(at, end, '-') ||
            !take_digits(at, end, 4, &day.year))
                return false;
        if (day.day < 1 || day.day > days_in(day.year, day.month))
                return false;
        *ret_day = day;
        return true;
}

/* "02:44:25"; a leap second is the second before it. */
static bool take_time(const char **at, const char *end, int *ret_sec) {
        int hour, minute, second;

        if (!take_digits(at, end, 2, &hour) || !take_char(at, end, ':') ||
            !take_digits(at, end, 2, &minute) || !take_char(at, end, ':') ||
            !take_digits(at, end, 2, &second))
                return false;
        if (hour > 23 || minute > 59 || second > 60)
                return false;
        *ret_sec = (hour * MINUTES_PER_HOUR + minute) * SEC_PER_MINUTE + MIN(second, 59);
        return true;
}

static bool take_zone(const char **at, const char *end, int *ret_minutes) {
        int hour, minute;
        bool is_west;

        if (*at == end || (**at != '+' && **at != '-'))
                return false;
        is_west = *(*at)++ == '-';
        if (!take_digits(at, end, 2, &hour) || !take_digits(at, end, 2, &minute) || hour > 23 ||
            minute > 59)
                return false;
        *ret_minutes = (hour * MINUTES_PER_HOUR + minute) * (is_west ? -1 : 1);
        return true;
}

bool date_time_parse(const char *text, size_t size, int64_t *ret_sec, int16_t *ret_zone_minutes) {
        const char *at = text, *end = text + size;
        int second, zone;
        Day day;

        if (at < end && *at == ' ')
                at++;
        if (!take_day(&at, end, &day) || !take_char(&at, end, ' ') ||
            !take_time(&at, end, &second) || !take_char(&at, end, ' ') ||
            !take_zone(&at, end, &zone) || at != end)
                return false;
        *ret_sec = day_to_number(day) * SEC_PER_DAY + second - zone * SEC_PER_MINUTE;
        *ret_zone_minutes = (int16_t) zone;
        return true;
}

bool date_parse(const char *text, size_t size, int64_t *ret_day) {
        const char *at = text, *end = text + size;
        Day day;

        if (!take_day(&at, end, &day) || at != end)
                return false;
        *ret_day = day_to_number(day);
        return true;
}

void date_time_append(int64_t sec, int16_t zone_minutes, Buffer *target) {
        const int64_t min_sec = day_to_number((Day){ 0, 1, 2 }) * SEC_PER_DAY;
        const int64_t max_sec = day_to_number((Day){ LAST_YEAR, 12, 31 }) * SEC_PER_DAY;
        int zone = zone_minutes < 0 ? -zone_minutes : zone_minutes;
        int64_t local = MAX(min_sec, MIN(sec, max_sec)) + zone_minutes * SEC_PER_MINUTE;
        int64_t number = (local >= 0 ? local : local - (SEC_PER_DAY - 1)) / SEC_PER_DAY;
        int second = (int) (local - number * SEC_PER_DAY);
        Day day = day_from_number(number);

        buffer_printf(target, "%02d-%s-%04d %02d:%02d:%02d %c%02d%02d", day.day,
                      month_names[day.month - 1], day.year, second / 3600, second / 60 % 60,
                      second % 60, zone_minutes < 0 ? '-' : '+', zone / MINUTES_PER_HOUR,
                      zone % MINUTES_PER_HOUR);
}
