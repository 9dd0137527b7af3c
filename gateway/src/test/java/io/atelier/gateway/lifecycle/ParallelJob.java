package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.TaskReport;
import io.atelier.gateway.lifecycle.SimulatedWorkers.Results;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A random job of several tasks for tests. Its plan and what its workers report follow from the seed. */
final class ParallelJob {

    private static final List<String> FAILING =
            List.of("generate", TaskPlanFixtures.PROMPT, TaskPlanFixtures.grid(0), TaskPlanFixtures.JOIN);

    private final int seed;
    private final TaskPlan plan;
    private final GenerationRequested request;
    private final int fallbacks;
    private final @Nullable String failing;
    private final Results results;

    private ParallelJob(
            int seed,
            TaskPlan plan,
            GenerationRequested request,
            int fallbacks,
            @Nullable String failing,
            Results results) {
        this.seed = seed;
        this.plan = plan;
        this.request = request;
        this.fallbacks = fallbacks;
        this.failing = failing;
        this.results = results;
    }

    private ParallelJob(int seed, List<String> models, boolean fails) {
        this(
                seed,
                TaskPlanFixtures.branches(1 + new Random(seed).nextInt(3)),
                TaskPlanFixtures.requested(models.toArray(String[]::new)),
                models.size(),
                fails ? FAILING.get(seed % FAILING.size()) : null,
                Results.OF_PLAIN_JOBS);
    }

    /** A job with fallback models. */
    ParallelJob(int seed, boolean fails) {
        this(seed, List.of("b", "c").subList(0, new Random(seed + 1).nextInt(3)), fails);
    }

    /** A job without fallback models. */
    static ParallelJob ofOneModel(int seed, boolean fails) {
        return new ParallelJob(seed, List.of(), fails);
    }

    /** A job of the real plan that makes an avatar. */
    static ParallelJob ofAvatar(int seed, AvatarSpec avatar, boolean fails) {
        var request = AvatarFixtures.requested(avatar);
        var plan = TaskPlan.ofRequests();
        var tasks = plan.tasks(request);
        var failing = fails ? tasks.get(seed % tasks.size()).name() : null;
        return new ParallelJob(seed, plan, request, 0, failing, AvatarFixtures.results(avatar.images()));
    }

    boolean fails() {
        return failing != null;
    }

    TaskPlan plan() {
        return plan;
    }

    /** A lifecycle that has processed the job, with the reports in one of the orders that can happen. */
    LifecycleSimulation run(int order) {
        var lifecycle = new LifecycleSimulation(plan);
        events(lifecycle, order);
        return lifecycle;
    }

    /** All events of the job in an order that can happen, after the lifecycle has processed them. */
    List<JobEvent> events(LifecycleSimulation lifecycle) {
        return events(lifecycle, 1);
    }

    private List<JobEvent> events(LifecycleSimulation lifecycle, int order) {
        return new SimulatedWorkers(seed, fallbacks, failing, results)
                .run(lifecycle, request, new Random(seed * 7L + order));
    }

    /** How many events must have been processed so that all tasks are published that the first events report about. */
    int publication(List<JobEvent> events, int number) {
        // A worker that is lost without a report leaves the record to the next one, whose attempt has a higher number.
        var reported = events.subList(0, number).stream()
                .flatMap(event -> event instanceof TaskReport report ? Stream.of(report) : Stream.empty())
                .flatMap(report -> IntStream.rangeClosed(1, report.attempt())
                        .mapToObj(attempt -> LifecycleSimulation.task(report.task(), attempt)))
                .toList();
        var lifecycle = new LifecycleSimulation(plan);
        int last = 0;
        for (int i = 0; i < number; i++) {
            if (lifecycle.process(List.of(events.get(i))).stream()
                    .map(LifecycleSimulation::task)
                    .anyMatch(reported::contains)) {
                last = i + 1;
            }
        }
        return last;
    }
}
