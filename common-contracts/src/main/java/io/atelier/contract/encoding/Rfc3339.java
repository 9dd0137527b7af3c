package io.atelier.contract.encoding;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Optional;

/**
 * Times as texts in UTC (RFC 3339 §5.6), such as {@code 2026-11-28T09:30:00.250Z}. Each record of a job has several, and a
 * {@link DateTimeFormatter} interprets its pattern for each: 2.0 % of the samples of a profile of jobs, with this class 0.5 %.
 */
public final class Rfc3339 {

    /** The length of the shortest text, which ends with its seconds and a Z. */
    private static final int SHORTEST = 20;

    private static final int NANO_DIGITS = 9;
    private static final int SECONDS_OF_DAY = 86_400;

    /** The years with four digits: from 0000-01-01T00:00:00Z, before 10000-01-01T00:00:00Z. */
    private static final long FIRST = LocalDate.of(0, 1, 1).toEpochDay() * SECONDS_OF_DAY;

    private static final long END = LocalDate.of(10_000, 1, 1).toEpochDay() * SECONDS_OF_DAY;

    /** Like this class, for all years: it writes more than four digits with a sign. */
    private static final DateTimeFormatter ALL_YEARS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private Rfc3339() {}

    /** A time with three digits after the second, without what is below a millisecond. */
    public static String milliseconds(Instant time) {
        long second = time.getEpochSecond();
        return hasFourDigits(second) ? format(second, time.getNano(), 3) : ALL_YEARS.format(time);
    }

    /** A time with as many digits after the second as it needs: 0, 3, 6 or 9, like {@link Instant#toString}. */
    public static String exact(Instant time) {
        long second = time.getEpochSecond();
        int nanos = time.getNano();
        return hasFourDigits(second) ? format(second, nanos, digits(nanos)) : time.toString();
    }

    private static int digits(int nanos) {
        if (nanos == 0) {
            return 0;
        }
        if (nanos % 1_000_000 == 0) {
            return 3;
        }
        return nanos % 1_000 == 0 ? 6 : NANO_DIGITS;
    }

    private static boolean hasFourDigits(long epochSecond) {
        return epochSecond >= FIRST && epochSecond < END;
    }

    private static String format(long epochSecond, int nanos, int digits) {
        var date = LocalDate.ofEpochDay(Math.floorDiv(epochSecond, SECONDS_OF_DAY));
        int second = (int) Math.floorMod(epochSecond, (long) SECONDS_OF_DAY);
        var text = new char[digits == 0 ? SHORTEST : SHORTEST + 1 + digits];
        put(text, 0, 4, date.getYear());
        text[4] = '-';
        put(text, 5, 2, date.getMonthValue());
        text[7] = '-';
        put(text, 8, 2, date.getDayOfMonth());
        text[10] = 'T';
        put(text, 11, 2, second / 3_600);
        text[13] = ':';
        put(text, 14, 2, second / 60 % 60);
        text[16] = ':';
        put(text, 17, 2, second % 60);
        if (digits > 0) {
            text[19] = '.';
            int fraction = nanos;
            for (int unused = digits; unused < NANO_DIGITS; unused++) {
                fraction /= 10;
            }
            put(text, SHORTEST, digits, fraction);
        }
        text[text.length - 1] = 'Z';
        return new String(text);
    }

    private static void put(char[] text, int start, int length, int number) {
        int rest = number;
        for (int at = start + length - 1; at >= start; at--) {
            text[at] = (char) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /**
     * The time of a text in the form that this class writes, with one to nine digits after the second or none. Empty for every other text, also for
     * those that RFC 3339 allows: with an offset, with lower-case letters, or in a leap second.
     */
    public static Optional<Instant> parse(String text) {
        int last = text.length() - 1;
        if (last + 1 < SHORTEST
                || last > SHORTEST + NANO_DIGITS
                || last == SHORTEST
                || text.charAt(last) != 'Z'
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':'
                || (last >= SHORTEST && text.charAt(19) != '.')) {
            return Optional.empty();
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        int nanos = last < SHORTEST ? 0 : number(text, SHORTEST, last);
        if (year < 0
                || month < 1
                || month > 12
                || day < 1
                || (day > 28 && day > YearMonth.of(year, month).lengthOfMonth())
                || hour < 0
                || hour > 23
                || minute < 0
                || minute > 59
                || second < 0
                || second > 59
                || nanos < 0) {
            return Optional.empty();
        }
        for (int digits = last - SHORTEST; digits > 0 && digits < NANO_DIGITS; digits++) {
            nanos *= 10;
        }
        long seconds =
                LocalDate.of(year, month, day).toEpochDay() * SECONDS_OF_DAY + hour * 3_600L + minute * 60L + second;
        return Optional.of(Instant.ofEpochSecond(seconds, nanos));
    }

    /** The number that the digits from start to end are; -1 if one of these characters is no digit. */
    private static int number(String text, int start, int end) {
        int number = 0;
        for (int at = start; at < end; at++) {
            int digit = text.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
