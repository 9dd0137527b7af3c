package io.atelier.generator.engine.testcard;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the words of a prompt how the test card behaves. Each of these is a word of its own, anywhere in the prompt:
 *
 * <ul>
 *   <li>{@code delay:300ms}, {@code delay:2s}: the run takes so long, over all its steps
 *   <li>{@code deaf:10s}: the run then ignores cancellation for so long; an interrupt ends it
 *   <li>{@code numb:10s}: the run then ignores cancellation and interrupts for so long
 *   <li>{@code fail:rejected}, {@code fail:moderation}, {@code fail:timeout}, {@code fail:unavailable}: the run fails with that code
 *   <li>{@code fail-times:2}: only the first two attempts fail, with {@code unavailable} unless {@code fail:} names another code
 *   <li>{@code exit}: a failing attempt halts the JVM
 *   <li>{@code grid:2x3}: the image is a grid of 2 rows and 3 columns, each 1 to 8
 * </ul>
 *
 * @param delay duration of the run, at most an hour
 * @param unresponsive how long the run ignores cancellation after that, at most an hour
 * @param ignoresInterrupts whether it ignores interrupts during that time, too
 * @param failure how a failing attempt ends; null if it succeeds
 * @param failingAttempts number of the last attempt that fails
 * @param exit whether a failing attempt halts its JVM
 * @param grid rows and columns of the image
 */
record FaultScript(
        Duration delay,
        Duration unresponsive,
        boolean ignoresInterrupts,
        Failure.@Nullable Code failure,
        int failingAttempts,
        boolean exit,
        Grid grid) {

    private static final Duration MAX_DURATION = Duration.ofHours(1);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,7})(ms|s)");
    private static final Pattern GRID = Pattern.compile("([1-8])x([1-8])");
    private static final Pattern ATTEMPTS = Pattern.compile("\\d{1,3}");
    private static final Map<String, Failure.Code> FAILURES = Map.of(
            "rejected", Failure.Code.REQUEST_REJECTED,
            "moderation", Failure.Code.MODERATION_BLOCKED,
            "timeout", Failure.Code.ENGINE_TIMEOUT,
            "unavailable", Failure.Code.ENGINE_UNAVAILABLE);

    /** One image at once, whatever the prompt says. */
    static final FaultScript NONE = parse("");

    /** Rows and columns of an image, 1 to 8 each; 1 x 1 for a plain card. */
    record Grid(int rows, int cols) {

        private static final Grid NONE = new Grid(1, 1);

        boolean hasTiles() {
            return rows * cols > 1;
        }
    }

    /**
     * Reads the script in a prompt; a prompt without these words gives one image at once.
     *
     * @throws GenerationFailed with {@code REQUEST_REJECTED} if a word has an invalid value
     */
    static FaultScript parse(String prompt) {
        var numb = duration(prompt, "numb");
        var attempts = value(prompt, "fail-times").map(FaultScript::attempts);
        var failure = value(prompt, "fail").map(FaultScript::failure);
        if (failure.isEmpty() && attempts.isPresent()) {
            failure = Optional.of(Failure.Code.ENGINE_UNAVAILABLE);
        }
        return new FaultScript(
                duration(prompt, "delay").orElse(Duration.ZERO),
                numb.or(() -> duration(prompt, "deaf")).orElse(Duration.ZERO),
                numb.isPresent(),
                failure.orElse(null),
                attempts.orElse(Integer.MAX_VALUE),
                prompt.matches("(?s)(.*\\s)?exit(\\s.*)?"),
                value(prompt, "grid").map(FaultScript::grid).orElse(Grid.NONE));
    }

    private static Optional<String> value(String prompt, String name) {
        var matcher = Pattern.compile("(?:^|\\s)" + name + ":(\\S*)").matcher(prompt);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<Duration> duration(String prompt, String name) {
        return value(prompt, name).map(value -> parsed(name, value));
    }

    private static Duration parsed(String name, String value) {
        var matcher = DURATION.matcher(value);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            var duration = matcher.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
            if (duration.compareTo(MAX_DURATION) <= 0) {
                return duration;
            }
        }
        throw rejected(
                name + ":" + value, "a duration of at most an hour, such as %s:300ms or %s:2s".formatted(name, name));
    }

    private static Failure.Code failure(String value) {
        var code = FAILURES.get(value);
        if (code == null) {
            throw rejected("fail:" + value, "fail:rejected, fail:moderation, fail:timeout or fail:unavailable");
        }
        return code;
    }

    private static Integer attempts(String value) {
        if (!ATTEMPTS.matcher(value).matches()) {
            throw rejected("fail-times:" + value, "a number of attempts, such as fail-times:2");
        }
        return Integer.valueOf(value);
    }

    private static Grid grid(String value) {
        var matcher = GRID.matcher(value);
        if (!matcher.matches()) {
            throw rejected("grid:" + value, "rows and columns of 1 to 8, such as grid:2x3");
        }
        return new Grid(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    private static GenerationFailed rejected(String found, String allowed) {
        return new GenerationFailed(new Failure(
                Failure.Code.REQUEST_REJECTED,
                "The test card does not understand '" + found + "'. Write " + allowed + "."));
    }
}
