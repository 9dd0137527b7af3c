package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.PublishedTasks.generations;
import static io.atelier.gateway.lifecycle.PublishedTasks.splits;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Histories that an earlier version wrote, each followed by what it announced: the file has one block a job, with the stored JSON in its first line
 * and a line for each version after it. The file must not be changed.
 */
class StoredHistoriesTests {

    private static final String FILE = "/io/atelier/gateway/lifecycle/stored-histories.txt";

    @TestFactory
    Stream<DynamicTest> anEarlierHistoryIsAnnouncedAsBefore() throws IOException {
        try (var file = StoredHistoriesTests.class.getResourceAsStream(FILE)) {
            assertThat(file).isNotNull();
            var blocks = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .split("\n\n");
            return Stream.of(blocks).map(block -> {
                var lines = List.of(block.split("\n"));
                return DynamicTest.dynamicTest(
                        lines.get(lines.size() - 1), () -> check(lines.get(0), lines.subList(1, lines.size())));
            });
        }
    }

    private static void check(String json, List<String> expected) {
        try (var serde = JobHistorySerde.create()) {
            var history = serde.deserializer().deserialize("", json.getBytes(StandardCharsets.UTF_8));

            assertThat(lines(history)).isEqualTo(expected);
        }
    }

    private static List<String> lines(JobHistory history) {
        return IntStream.rangeClosed(1, history.version())
                .mapToObj(version -> line(history.announcement(version)))
                .toList();
    }

    private static String line(Announcement announced) {
        var job = announced.job();
        var tasks = Stream.concat(
                generations(announced).stream()
                        .map(task -> task.task() + "/" + task.attempt() + " " + task.notBefore()),
                splits(announced).stream()
                        .map(task -> task.task() + "/" + task.attempt() + " " + task.notBefore() + " "
                                + task.grids().size()));
        return "%s %s %s %s attempt %d, %d images, %d grids, %d warnings, %d failures, %s ms, %s; %s"
                .formatted(
                        announced.eventId(),
                        announced.event().type().replace("io.atelier.generation.", ""),
                        job.status().word(),
                        job.stage(),
                        job.attempt(),
                        job.images().size(),
                        job.grids().size(),
                        job.warnings().size(),
                        job.lastErrors().size(),
                        job.engineMillis(),
                        job.cancel() == null ? "no cancellation" : job.cancel().outcome(),
                        tasks.toList());
    }
}
