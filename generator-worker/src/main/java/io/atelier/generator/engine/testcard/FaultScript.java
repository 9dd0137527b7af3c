package io.atelier.generator.engine.testcard;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the words of a prompt make the test card do.
 *
 * @param delay how long the run takes, over all its steps
 * @param deaf how long it goes on after that without hearing that it shall stop
 * @param numb whether it does not even mind being interrupted meanwhile
 * @param failure how a failing attempt ends; null if it draws
 * @param failingAttempts the first so many attempts fail, the others draw
 * @param exit whether a failing attempt halts its JVM
 * @param rows of the grid that is drawn, 1 for a plain card
 * @param cols of the grid that is drawn, 1 for a plain card
 */
record FaultScript(
        Duration delay,
        Duration deaf,
        boolean numb,
        Failure.@Nullable Code failure,
        int failingAttempts,
        boolean exit,
        int rows,
        int cols) {

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Pattern TIME = Pattern.compile("(\\d{1,7})(ms|s)");
    private static final Pattern GRID = Pattern.compile("([1-8])x([1-8])");
    private static final Pattern TIMES = Pattern.compile("\\d{1,3}");
    private static final Map<String, Failure.Code> FAILURES = Map.of(
            "rejected", Failure.Code.REQUEST_REJECTED,
            "timeout", Failure.Code.ENGINE_TIMEOUT,
            "unavailable", Failure.Code.ENGINE_UNAVAILABLE);

    /**
     * Reads {@code delay:300ms}, {@code delay:2s}, {@code deaf:10s} (which only an interrupt stops), {@code numb:10s} (which nothing stops), {@code fail:rejected|timeout|unavailable}, {@code fail-times:2}, {@code exit} and
     * {@code grid:2x3}, each a word of its own anywhere in the prompt.
     *
     * @throws GenerationFailed with {@code REQUEST_REJECTED} if one of them has a value that means nothing
     */
    static FaultScript in(String prompt) {
        var delay = time(prompt, "delay").orElse(Duration.ZERO);
        var numb = time(prompt, "numb");
        var deaf = numb.or(() -> time(prompt, "deaf")).orElse(Duration.ZERO);
        var times = value(prompt, "fail-times").map(FaultScript::times);
        var exit = prompt.matches("(?s)(.*\\s)?exit(\\s.*)?");
        var failure = value(prompt, "fail").map(FaultScript::failure);
        if (failure.isEmpty() && times.isPresent()) {
            failure = Optional.of(Failure.Code.ENGINE_UNAVAILABLE);
        }
        var grid = value(prompt, "grid").map(FaultScript::grid).orElse("1x1");
        return new FaultScript(
                delay,
                deaf,
                numb.isPresent(),
                failure.orElse(null),
                times.orElse(Integer.MAX_VALUE),
                exit,
                grid.charAt(0) - '0',
                grid.charAt(2) - '0');
    }

    private static Optional<String> value(String prompt, String name) {
        var matcher = Pattern.compile("(?:^|\\s)" + name + ":(\\S*)").matcher(prompt);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<Duration> time(String prompt, String name) {
        return value(prompt, name).map(value -> parsed(name, value));
    }

    private static Duration parsed(String name, String value) {
        var matcher = TIME.matcher(value);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            var time = matcher.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
            if (time.compareTo(LONGEST) <= 0) {
                return time;
            }
        }
        throw rejected(
                name + ":" + value, "a time of at most an hour, such as %s:300ms or %s:2s".formatted(name, name));
    }

    private static Failure.Code failure(String value) {
        var code = FAILURES.get(value);
        if (code == null) {
            throw rejected("fail:" + value, "fail:rejected, fail:timeout or fail:unavailable");
        }
        return code;
    }

    private static Integer times(String value) {
        if (!TIMES.matcher(value).matches()) {
            throw rejected("fail-times:" + value, "a number of attempts, such as fail-times:2");
        }
        return Integer.valueOf(value);
    }

    private static String grid(String value) {
        if (!GRID.matcher(value).matches()) {
            throw rejected("grid:" + value, "rows and columns of 1 to 8, such as grid:2x3");
        }
        return value;
    }

    private static GenerationFailed rejected(String found, String allowed) {
        return new GenerationFailed(new Failure(
                Failure.Code.REQUEST_REJECTED,
                "The test card does not understand '" + found + "'. Write " + allowed + "."));
    }
}
