package io.atelier.benchmark.json;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.generations.PublishedUrls;
import io.atelier.gateway.lifecycle.EndedJob;
import io.atelier.gateway.view.progress.LatestProgress;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.gateway.view.queue.EtaEstimator;
import io.atelier.messaging.EventCodec;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The two parts of a status request that the cache of responses spares: reading the stored job, and rendering it for the client. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class GenerationJsonBenchmark {

    private static final ApiPaths PATHS = new ApiPaths("");

    private final JsonMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    private final Job job = EndedJob.succeeded();
    private final byte[] stored = EventCodec.json().writeValueAsBytes(job);
    private final GenerationAssembler assembler = assembler();

    /** The job from the bytes that the view contains. */
    @Benchmark
    public Job read() {
        return EventCodec.read(stored, Job.class);
    }

    /** The body of the response from the job. */
    @Benchmark
    public byte[] render() {
        return json.writeValueAsBytes(assembler.of(job, PATHS));
    }

    private static GenerationAssembler assembler() {
        var availability = new NoWorkers();
        var clock = Clock.systemUTC();
        return new GenerationAssembler(
                new LatestProgress(),
                new EtaEstimator(new Backlog(), availability, clock),
                availability,
                PublishedUrls.NONE,
                clock);
    }
}
