package io.atelier.acceptance.crash.reader;

import io.atelier.acceptance.crash.reader.ObservedCall.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The invariants of every avatar besides those of every job, whatever faults occurred. Each rule returns its violations. */
final class AvatarInvariants {

    private static final Pattern TILE = Pattern.compile(".*/split-\\d+-\\d+/\\d+\\.png");
    private static final Pattern COPY = Pattern.compile("/[^/]+/.*/img_\\d+\\.png");

    private AvatarInvariants() {}

    /** The violations of the avatar; empty if there are none. */
    static List<String> violations(AvatarObservations avatar) {
        return Stream.<Function<AvatarObservations, List<String>>>of(
                        AvatarInvariants::copiesAreReadable,
                        AvatarInvariants::nothingIsPublishedBeforeAllIsStored,
                        AvatarInvariants::nothingStoredIsMadeAgain,
                        AvatarInvariants::callsAreObserved)
                .flatMap(rule -> rule.apply(avatar).stream())
                .map(text -> avatar.job() + ": " + text)
                .toList();
    }

    private static List<String> copiesAreReadable(AvatarObservations avatar) {
        var found = new ArrayList<String>();
        for (var copy : avatar.copiesAtEvent()) {
            if (!copy.matches()) {
                found.add("announced before its published copy was readable: " + copy);
            }
        }
        for (var copy : avatar.finalCopies()) {
            if (!copy.matches()) {
                found.add("published copy and state differ: " + copy);
            }
        }
        long announced = avatar.copiesAtEvent().stream()
                .map(copy -> copy.expected().key())
                .distinct()
                .count();
        int expected = avatar.hasSucceeded() ? avatar.imageCount() : 0;
        if (announced != expected || avatar.finalCopies().size() != expected) {
            found.add("announced %d published copies, and its state has %d; %d were expected"
                    .formatted(announced, avatar.finalCopies().size(), expected));
        }
        return found;
    }

    private static List<String> nothingIsPublishedBeforeAllIsStored(AvatarObservations avatar) {
        var stored = new HashSet<String>();
        for (var write : avatar.writes()) {
            if (TILE.matcher(write.path()).matches()) {
                if (write.isPresent()) {
                    // The attempt that stored a tile is no part of its name.
                    stored.add(write.path().replaceFirst("-\\d+(/\\d+\\.png)$", "$1"));
                }
            } else if (COPY.matcher(write.path()).matches() && stored.size() < avatar.imageCount()) {
                return List.of("published %s when %d of %d images were stored"
                        .formatted(write.path(), stored.size(), avatar.imageCount()));
            }
        }
        return List.of();
    }

    private static List<String> nothingStoredIsMadeAgain(AvatarObservations avatar) {
        var found = new ArrayList<String>();
        for (var call : avatar.calls()) {
            var tasks = tasks(call, avatar);
            if (tasks.isEmpty()) {
                found.add("asked with a prompt that is not stored: " + call);
            } else if (tasks.stream().allMatch(task -> wasStored(task, call, avatar))) {
                found.add("asked the provider for %s, which was stored before: %s"
                        .formatted(String.join(" or ", tasks), call));
            }
        }
        return found;
    }

    /** The tasks that the call may belong to: two grids with one prompt cannot be told apart. */
    private static List<String> tasks(ObservedCall call, AvatarObservations avatar) {
        return switch (call.kind()) {
            case BASE -> List.of("base");
            case PROMPT ->
                IntStream.range(0, avatar.hasDistinctPrompts() ? avatar.gridCount() : 1)
                        .mapToObj(number -> "prompt-" + number)
                        .toList();
            case GRID ->
                IntStream.range(0, avatar.gridCount())
                        .filter(number -> hasPrompt(number, call, avatar))
                        .mapToObj(number -> "grid-" + number)
                        .toList();
        };
    }

    private static boolean hasPrompt(int grid, ObservedCall call, AvatarObservations avatar) {
        var key = Pattern.compile(".*/prompt-%d-\\d+/prompt\\.txt".formatted(avatar.hasDistinctPrompts() ? grid : 0));
        return avatar.prompts().entrySet().stream()
                .anyMatch(prompt -> key.matcher(prompt.getKey()).matches()
                        && prompt.getValue().equals(call.prompt()));
    }

    /** By what the provider found when it was called, and by the times in the store, which are cut to seconds. */
    private static boolean wasStored(String task, ObservedCall call, AvatarObservations avatar) {
        var earlier = avatar.objects().orElse(Map.of()).entrySet().stream()
                .filter(object -> !object.getValue().plusSeconds(1).isAfter(call.at()))
                .map(Map.Entry::getKey)
                .toList();
        return isResultIn(earlier, task)
                || call.stored().filter(keys -> isResultIn(keys, task)).isPresent();
    }

    private static boolean isResultIn(Collection<String> keys, String task) {
        // The folder of a base image has its prompt, too, which is stored before the call.
        var file = task.startsWith("prompt") ? "prompt\\.txt" : "0\\.png";
        var result = Pattern.compile(".*/%s-\\d+/%s".formatted(task, file));
        return keys.stream().anyMatch(key -> result.matcher(key).matches());
    }

    /** Without it, a provider that nobody asks, or that does not know whose calls it gets, would prove all other rules. */
    private static List<String> callsAreObserved(AvatarObservations avatar) {
        if (avatar.objects().isEmpty()) {
            return List.of("its objects could not be listed");
        }
        if (!avatar.hasSucceeded()) {
            return List.of();
        }
        return List.of(
                        missingCalls(avatar, Kind.PROMPT, avatar.hasDistinctPrompts() ? avatar.gridCount() : 1),
                        missingCalls(avatar, Kind.BASE, 1),
                        missingCalls(avatar, Kind.GRID, avatar.gridCount()))
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> missingCalls(AvatarObservations avatar, Kind kind, int least) {
        long calls = avatar.calls().stream().filter(call -> call.kind() == kind).count();
        return calls >= least
                ? List.of()
                : List.of("succeeded with %d calls for %s, and needs %d".formatted(calls, kind, least));
    }
}
