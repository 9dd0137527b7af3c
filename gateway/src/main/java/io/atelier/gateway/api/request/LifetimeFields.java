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

/** Reads until when a job is wanted and how long it is kept. Durations count from the moment at which the request is read. */
final class LifetimeFields {

    private static final Duration FARTHEST = Duration.ofDays(7);
    private static final Duration LONGEST_KEPT = Duration.ofDays(36_500);
    private static final Pattern SECONDS = Pattern.compile("([1-9][0-9]{0,6})s?");
    private static final String MOMENT =
            "Must be a time with an offset, such as 2026-11-21T10:00:00Z, or a duration such as PT90S, from now to seven days ahead.";
    private static final String KEEP = "Must be 'forever' or a duration, such as P30D, PT12H or P0D.";

    private final JsonFields fields;
    private final Instant now;

    LifetimeFields(JsonFields fields, Instant now) {
        this.fields = fields;
        this.now = now;
    }

    /**
     * The terms.
     *
     * @param cancelAfter the header of that name, which says the same as {@code deadline.complete_by}; null if there is none
     * @param retain how long jobs are kept that do not say; null for ever
     */
    Terms read(@Nullable String cancelAfter, @Nullable Duration retain) {
        var deadline = fields.object("deadline");
        deadline.ifPresent(given -> given.allowOnly(Set.of("start_by", "complete_by"), Set.of()));
        var startBy = deadline.flatMap(given -> moment(given, "start_by"));
        var completeBy = deadline.flatMap(given -> moment(given, "complete_by"));
        if (cancelAfter != null) {
            if (deadline.isPresent() && deadline.get().has("complete_by")) {
                deadline.get().mistake("complete_by", "The header Cancel-After says the same. Send one of the two.");
            }
            completeBy = Optional.ofNullable(seconds(cancelAfter));
        }
        return new Terms(startBy.orElse(null), completeBy.orElse(null), kept(retain), null, null);
    }

    private Optional<Instant> moment(JsonFields given, String name) {
        return given.text(name, 1, 64).flatMap(text -> {
            var moment = moment(text);
            if (moment == null || !moment.isAfter(now) || moment.isAfter(now.plus(FARTHEST))) {
                given.mistake(name, MOMENT);
                return Optional.empty();
            }
            return Optional.of(moment.truncatedTo(ChronoUnit.MILLIS));
        });
    }

    private @Nullable Instant moment(String text) {
        try {
            return text.startsWith("P")
                    ? now.plus(Duration.parse(text))
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    private @Nullable Instant seconds(String text) {
        var form = SECONDS.matcher(text.strip());
        if (form.matches()) {
            var after = Duration.ofSeconds(Long.parseLong(form.group(1)));
            if (after.compareTo(FARTHEST) <= 0) {
                return now.plus(after).truncatedTo(ChronoUnit.MILLIS);
            }
        }
        fields.mistake("", "The header Cancel-After must be a number of seconds from 1s to 604800s, such as 90s.");
        return null;
    }

    private @Nullable Duration kept(@Nullable Duration standard) {
        var delivery = fields.object("delivery");
        delivery.ifPresent(given -> given.allowOnly(Set.of("retain"), Set.of("store", "prefix", "url", "presign_ttl")));
        var retain = delivery.flatMap(given -> given.text("retain", 1, 32));
        if (retain.isEmpty()) {
            return standard;
        }
        if (retain.get().equals("forever")) {
            return null;
        }
        try {
            var duration = Duration.parse(retain.get());
            if (!duration.isNegative() && duration.compareTo(LONGEST_KEPT) <= 0) {
                return duration.truncatedTo(ChronoUnit.MILLIS);
            }
        } catch (DateTimeException | ArithmeticException e) {
            // Told below, like a duration out of bounds.
        }
        delivery.get().mistake("retain", KEEP);
        return null;
    }
}
