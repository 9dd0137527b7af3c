package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.Serde;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the lifecycle computes for the report of the end of a short job, without the store and the brokers. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class JobHistoryBenchmark {

    private static final String TOPIC = "histories";

    private final Serde<JobHistory> serde = JobHistorySerde.create();
    private final JobEvent request = EndedJob.request();
    private final JobEvent end = EndedJob.end();
    private JobHistory ended = JobHistory.empty();
    private byte[] stored = {};

    /** Makes the history that the store contains before the end of the job, and the one after it. */
    @Setup
    public void makeHistories() {
        var accepted = JobHistory.empty().with(request);
        stored = serde.serializer().serialize(TOPIC, accepted);
        ended = accepted.with(end);
        if (ended.version() != 3) {
            throw new IllegalStateException("The sample job has %d versions, not 3.".formatted(ended.version()));
        }
    }

    /** The states of a job from its events. */
    @Benchmark
    public JobState fold() {
        return JobHistory.empty().with(request).with(end).state();
    }

    /** The public records of the last version. */
    @Benchmark
    public Announcement announce() {
        return ended.announcement(ended.version());
    }

    /** From the bytes of the stored history to those of the history with the end of the job. */
    @Benchmark
    public byte[] addToStored() {
        var history = serde.deserializer().deserialize(TOPIC, stored);
        return serde.serializer().serialize(TOPIC, history.with(end));
    }
}
