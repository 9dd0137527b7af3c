package io.atelier.acceptance.crash.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Deterministic sequence of fault rounds for a seed. Kills and other faults alternate. Each fault occurs once before any is repeated, and five
 * consecutive kills differ in victim and stage where possible.
 */
public final class FaultPlan {

    /** Longer than the lease of a worker, which is 30 s. */
    private static final Duration SUSPEND_DURATION = Duration.ofSeconds(35);

    private static final Duration LONG_DURATION = Duration.ofSeconds(10);
    private static final Duration SHORT_DURATION = Duration.ofSeconds(6);

    private final DeploymentShape shape;
    private final Random random;

    private FaultPlan(DeploymentShape shape, long seed) {
        this.shape = shape;
        this.random = new Random(seed * 31 + shape.name().hashCode());
    }

    /** The first rounds for a seed. */
    public static List<FaultRound> rounds(DeploymentShape shape, long seed, int rounds) {
        return rounds(shape, seed, rounds, Set.of());
    }

    /**
     * The first rounds for a seed, with some faults only.
     *
     * @param only the faults to include; empty for all
     */
    public static List<FaultRound> rounds(DeploymentShape shape, long seed, int rounds, Set<Fault> only) {
        var plan = new FaultPlan(shape, seed);
        var planned = new ArrayList<FaultRound>();
        List<PlannedFault> kills = new ArrayList<>();
        List<PlannedFault> others = new ArrayList<>();
        while (planned.size() < rounds) {
            if (kills.isEmpty()) {
                kills.addAll(filter(plan.kills(), only));
            }
            if (others.isEmpty()) {
                others.addAll(filter(plan.others(), only));
            }
            if (kills.isEmpty() && others.isEmpty()) {
                throw new IllegalArgumentException(
                        "The shape %s supports none of the faults %s".formatted(shape, only));
            }
            var faults = others.isEmpty() || (planned.size() % 2 == 0 && !kills.isEmpty()) ? kills : others;
            planned.add(plan.round(planned.size() + 1, faults.remove(0)));
        }
        return planned;
    }

    private static List<PlannedFault> filter(List<PlannedFault> faults, Set<Fault> only) {
        return faults.stream()
                .filter(planned -> only.isEmpty() || only.contains(planned.fault))
                .toList();
    }

    private List<PlannedFault> kills() {
        var victims = shuffled(shape.victims());
        var stages = shuffled(List.of(JobStage.values()));
        var kills = new ArrayList<PlannedFault>();
        for (int diagonal = 0; diagonal < victims.size(); diagonal++) {
            for (int i = 0; i < stages.size(); i++) {
                kills.add(new PlannedFault(Fault.KILL, victims.get((i + diagonal) % victims.size()), stages.get(i)));
            }
        }
        return kills;
    }

    private List<PlannedFault> others() {
        var others = shape == DeploymentShape.STANDALONE
                ? plannedFaults(
                        "standalone", Fault.OUTAGE, Fault.FREEZE, Fault.SUSPEND, Fault.DISK_FULL, Fault.CLOCK_JUMP)
                : Stream.of(
                                plannedFaults("broker", Fault.OUTAGE, Fault.FREEZE, Fault.CLOCK_JUMP),
                                plannedFaults(
                                        "store",
                                        Fault.OUTAGE,
                                        Fault.FREEZE,
                                        Fault.SLOW_STORE,
                                        Fault.FAILING_STORE,
                                        Fault.DISK_FULL),
                                plannedFaults("gateway", Fault.SUSPEND, Fault.CLOCK_JUMP),
                                plannedFaults("generator", Fault.SUSPEND, Fault.CLOCK_JUMP))
                        .flatMap(List::stream)
                        .toList();
        return shuffled(others);
    }

    private static List<PlannedFault> plannedFaults(String victim, Fault... faults) {
        return List.of(faults).stream()
                .map(fault -> new PlannedFault(fault, victim, JobStage.RUNNING))
                .toList();
    }

    private FaultRound round(int number, PlannedFault planned) {
        return new FaultRound(
                number,
                shape,
                planned.fault,
                planned.victim,
                planned.stage,
                Duration.ofMillis(random.nextInt(maxDelayMillis(planned.stage))),
                duration(planned.fault),
                planned.fault == Fault.CLOCK_JUMP ? Duration.ofSeconds(60 + random.nextInt(7_200)) : Duration.ZERO,
                random.nextLong());
    }

    /** The later stages take only a few milliseconds. */
    private static int maxDelayMillis(JobStage stage) {
        return switch (stage) {
            case ACCEPTED, LEASED -> 40;
            case RUNNING -> 400;
            case STORED_NOT_REPORTED, REPORTED_NOT_ANNOUNCED -> 3;
        };
    }

    private Duration duration(Fault fault) {
        return switch (fault) {
            case KILL -> Duration.ofMillis(random.nextInt(2_000));
            case OUTAGE, FREEZE, SLOW_STORE, FAILING_STORE -> LONG_DURATION;
            case SUSPEND -> SUSPEND_DURATION;
            case DISK_FULL, CLOCK_JUMP -> SHORT_DURATION;
        };
    }

    private <T> List<T> shuffled(List<T> list) {
        var shuffled = new ArrayList<>(list);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private record PlannedFault(Fault fault, String victim, JobStage stage) {}
}
