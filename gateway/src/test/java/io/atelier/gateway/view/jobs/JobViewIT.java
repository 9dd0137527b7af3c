package io.atelier.gateway.view.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.gateway.JobsWithoutTimeInId;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.KafkaClientFactory;
import io.atelier.messaging.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The view of jobs with a real broker. */
class JobViewIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    private static final EventCodec CODEC = new EventCodec("test");

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;
    private static KafkaProducer<String, byte[]> producer;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(Topic.all(List.of("default"), 1)).all().get(60, TimeUnit.SECONDS);
        }
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ProducerConfig.ACKS_CONFIG,
                        "all"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stop() {
        producer.close(Duration.ofSeconds(5));
        broker.close();
    }

    @Test
    void indexesAreCorrectAfterAnyKindOfStart() throws Exception {
        var waiting = JobsWithoutTimeInId.at(START.plusSeconds(1), JobStatus.QUEUED);
        var done = JobsWithoutTimeInId.at(START.plusSeconds(2), JobStatus.QUEUED);
        var purged = JobsWithoutTimeInId.at(START.plusSeconds(3), JobStatus.QUEUED);
        var erased = JobsWithoutTimeInId.at(START.plusSeconds(4), JobStatus.SUCCEEDED);
        write(List.of(waiting, done, purged, erased));

        var state = folder.resolve("state");
        var copy = folder.resolve("state-of-a-killed-process");
        var watcher = new OpenJobs();
        var view = started(state, watcher);
        await().atMost(TIMEOUT).untilAsserted(() -> {
            assertThat(listed(view)).containsExactly(ids(erased, purged, done, waiting));
            assertThat(watcher.open).containsExactlyInAnyOrder(ids(waiting, done, purged));
        });
        // The files of a process that is killed now: a store that was not closed.
        copyTree(state, copy);
        write(List.of(
                JobsWithoutTimeInId.done(done, START.plusSeconds(5), Duration.ofSeconds(1)),
                JobsWithoutTimeInId.erased(erased)));
        purge(purged);
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(listed(view)).containsExactly(ids(done, waiting)));
        assertThat(watcher.open).containsExactly(ids(waiting));
        assertThat(view.find(purged.id())).isEmpty();
        assertThat(view.find(erased.id())).isPresent();
        view.stop();
        var late = JobsWithoutTimeInId.at(START, JobStatus.RUNNING);
        write(List.of(late));

        for (var root : List.of(state, copy, folder.resolve("fresh"))) {
            var openJobs = new OpenJobs();
            var restarted = started(root, openJobs);
            await().atMost(TIMEOUT).untilAsserted(() -> {
                assertThat(listed(restarted)).as("%s", root).containsExactly(ids(done, waiting, late));
                assertThat(openJobs.open).as("%s", root).containsExactlyInAnyOrder(ids(waiting, late));
            });
            restarted.stop();
            // Not those that the older store of a killed process shows as open, nor those that ended while it was
            // restored.
            assertThat(openJobs.atStart).as("known at first, %s", root).containsExactlyInAnyOrder(ids(waiting, late));
        }
    }

    @Test
    void acceptedJobIsShownBeforeTheTopicBringsIt() throws Exception {
        var watcher = new OpenJobs();
        var view = started(folder.resolve("accepting"), watcher);
        var job = JobsWithoutTimeInId.at(START.plusSeconds(60), JobStatus.QUEUED);

        assertThat(view.find(job.id())).isEmpty();
        assertThat(view.accept(job)).isTrue();
        assertThat(view.find(job.id())).contains(job);
        assertThat(watcher.open).contains(job.id().value());
        assertThat(view.await(job.id(), 1, TIMEOUT).block(TIMEOUT)).isEqualTo(job);

        var listing = CompletableFuture.supplyAsync(() -> listed(view));
        var done = JobsWithoutTimeInId.done(job, START.plusSeconds(61), Duration.ofSeconds(1));
        write(List.of(job, done));
        assertThat(listing.get(60, TimeUnit.SECONDS)).contains(job.id().value());
        await().atMost(TIMEOUT).until(() -> view.find(job.id()).equals(Optional.of(done)));
        assertThat(watcher.open).doesNotContain(job.id().value());

        assertThat(view.accept(job)).isTrue();
        assertThat(view.find(job.id())).contains(done);
        assertThat(watcher.open).doesNotContain(job.id().value());
        purge(job);
        await().atMost(TIMEOUT).until(() -> view.find(job.id()).isEmpty());
        view.stop();
        assertThat(view.accept(job)).isFalse();
    }

    private static JobView started(Path state, JobWatcher watcher) {
        var settings = Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "view",
                StreamsConfig.STATE_DIR_CONFIG,
                state.toString(),
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                100);
        var view = new JobView(KafkaClientFactory.of(broker.bootstrapServers()), settings, watcher);
        view.start();
        await().atMost(TIMEOUT).until(view::ready);
        return view;
    }

    private static List<String> listed(JobView view) {
        var query = new JobQuery(100, true, null, null, null, null, Map.of(), null, null, null);
        return view.list(query).jobs().stream().map(job -> job.id().value()).toList();
    }

    private static String[] ids(Job... jobs) {
        return List.of(jobs).stream().map(job -> job.id().value()).toArray(String[]::new);
    }

    private static void write(Collection<Job> jobs) throws Exception {
        for (var job : jobs) {
            producer.send(CODEC.record(job, Instant.now())).get(30, TimeUnit.SECONDS);
        }
    }

    private static void purge(Job job) throws Exception {
        producer.send(EventCodec.tombstone(job.id())).get(30, TimeUnit.SECONDS);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : (Iterable<Path>) files::iterator) {
                if (!file.getFileName().toString().equals(".lock")) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }
    }

    /** Keeps the ids of the open jobs that the view reported. */
    private static final class OpenJobs implements JobWatcher {

        private final Set<String> open = new ConcurrentSkipListSet<>();
        private final List<String> atStart = new ArrayList<>();
        private boolean isStarted;

        @Override
        public synchronized void start(List<JobSummary> jobs) {
            var known = new TreeSet<String>();
            jobs.forEach(job -> known.add(job.id().value()));
            open.clear();
            open.addAll(known);
            if (!isStarted) {
                isStarted = true;
                atStart.addAll(known);
            }
        }

        @Override
        public void changed(JobSummary job) {
            Optional.of(job.id().value())
                    .filter(id -> job.isOpen())
                    .ifPresentOrElse(open::add, () -> removed(job.id()));
        }

        @Override
        public void removed(JobId job) {
            open.remove(job.value());
        }
    }
}
