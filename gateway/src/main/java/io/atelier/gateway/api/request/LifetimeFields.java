package io.atelier.gateway.api.request;

import io.atelier.contract.job.GenerationRequest.Terms;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the deadlines and the retention of a job. Durations count from the moment at which the request is read. */
final class LifetimeFields {

    private static final Duration MAX_DEADLINE = Duration.ofSeconds(RequestLimits.MAX_DEADLINE_SECONDS);
    private static final Duration MAX_RETAIN = Duration.ofDays(RequestLimits.MAX_RETAIN_DAYS);
    private static final Pattern CANCEL_AFTER = Pattern.compile(
            "(?:(?<hours>[0-9]{1,6})h)?(?:(?<minutes>[0-9]{1,6})m)?(?:(?<seconds>[0-9]{1,6})s)?|(?<number>[0-9]{1,6})",
            Pattern.CASE_INSENSITIVE);
    private static final String ALLOWED_DEADLINE =
            "Must be a time with an offset, such as 2026-11-21T10:00:00Z, or a duration such as PT90S, from now to "
                    + RequestLimits.MAX_DEADLINE_DAYS + " days ahead.";
    private static final String ALLOWED_CANCEL_AFTER =
            "Must be a duration from 1s to " + RequestLimits.MAX_DEADLINE_DAYS * 24
                    + "h in hours, minutes and seconds, such as 90s, 6m or 1h30m; a number without a unit is seconds.";
    private static final String START_AFTER_END =
            "Must not be after complete_by or Cancel-After, at which the job ends anyway. Name an earlier time, or leave it out.";
    private static final String ALLOWED_RETAIN = "Must be 'forever' or a duration of at most P"
            + RequestLimits.MAX_RETAIN_DAYS + "D, such as P30D, PT12H or P0D.";

    private final JsonFields fields;
    private final Instant now;

    LifetimeFields(JsonFields fields, Instant now) {
        this.fields = fields;
        this.now = now;
    }

    /**
     * The terms, without a digest.
     *
     * @param cancelAfter the header of that name, which replaces {@code deadline.complete_by}; null if absent
     * @param defaultRetain how long a job is kept whose request does not say; null for ever
     */
    Terms read(@Nullable String cancelAfter, @Nullable Duration defaultRetain) {
        var deadline = fields.object("deadline");
        deadline.ifPresent(given -> given.allowOnly(GenerationForm.Deadline.class, Set.of()));
        var startBy = deadline.flatMap(given -> deadline(given, "start_by"));
        var completeBy = deadline.flatMap(given -> deadline(given, "complete_by"));
        if (cancelAfter != null) {
            if (deadline.isPresent() && deadline.get().has("complete_by")) {
                deadline.get().error("complete_by", "The header Cancel-After sets the same. Send one of the two.");
            }
            completeBy = Optional.ofNullable(cancelAfter(cancelAfter));
        }
        if (startBy.isPresent() && completeBy.isPresent() && startBy.get().isAfter(completeBy.get())) {
            deadline.ifPresent(given -> given.error("start_by", START_AFTER_END));
        }
        return new Terms(startBy.orElse(null), completeBy.orElse(null), retain(defaultRetain), null, null);
    }

    private Optional<Instant> deadline(JsonFields given, String name) {
        return given.text(name, 1, 64).flatMap(text -> {
            var time = time(text);
            if (time == null || !time.isAfter(now) || time.isAfter(now.plus(MAX_DEADLINE))) {
                given.error(name, ALLOWED_DEADLINE);
                return Optional.empty();
            }
            return Optional.of(time.truncatedTo(ChronoUnit.MILLIS));
        });
    }

    private @Nullable Instant time(String text) {
        try {
            return text.startsWith("P")
                    ? now.plus(Duration.parse(text))
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    private @Nullable Instant cancelAfter(String header) {
        var duration = duration(header);
        if (duration.compareTo(Duration.ZERO) > 0 && duration.compareTo(MAX_DEADLINE) <= 0) {
            return now.plus(duration).truncatedTo(ChronoUnit.MILLIS);
        }
        fields.headerError("Cancel-After", ALLOWED_CANCEL_AFTER);
        return null;
    }

    /** The duration in a header Cancel-After, such as 90s or 1h30m; zero if it has none. */
    static Duration duration(String header) {
        var match = CANCEL_AFTER.matcher(header.strip());
        return match.matches()
                ? Duration.ofHours(amount(match.group("hours")))
                        .plusMinutes(amount(match.group("minutes")))
                        .plusSeconds(amount(match.group("seconds")))
                        .plusSeconds(amount(match.group("number")))
                : Duration.ZERO;
    }

    private static long amount(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private @Nullable Duration retain(@Nullable Duration defaultRetain) {
        var delivery = fields.object("delivery");
        delivery.ifPresent(given ->
                given.allowOnly(GenerationForm.Delivery.class, Set.of("store", "prefix", "url", "presign_ttl")));
        var retain = delivery.flatMap(given -> given.text("retain", 1, 32));
        if (retain.isEmpty()) {
            return defaultRetain;
        }
        if (retain.get().equals("forever")) {
            return null;
        }
        try {
            var duration = Duration.parse(retain.get());
            if (!duration.isNegative() && duration.compareTo(MAX_RETAIN) <= 0) {
                return duration.truncatedTo(ChronoUnit.MILLIS);
            }
        } catch (DateTimeException | ArithmeticException e) {
            // Reported below, like a duration out of range.
        }
        delivery.get().error("retain", ALLOWED_RETAIN);
        return null;
    }
}
