package io.atelier.acceptance.crash.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Deterministic sequence of kills for a seed. Each part is killed at each stage before a repetition, and five consecutive kills differ in victim and
 * stage.
 */
public final class AvatarKillPlan {

    /** Somewhat longer than the calls of the provider. */
    private static final int MAX_DELAY_MILLIS = 1_800;

    private static final int MAX_DELAY_WHILE_HELD_MILLIS = 300;
    private static final int MAX_DOWNTIME_MILLIS = 2_000;

    private final Random random;

    private AvatarKillPlan(long seed) {
        this.random =
                new Random(seed * 31 + AvatarKillPlan.class.getSimpleName().hashCode());
    }

    /** The first rounds for a seed. */
    public static List<AvatarKill> rounds(long seed, int rounds) {
        var plan = new AvatarKillPlan(seed);
        var planned = new ArrayList<AvatarKill>();
        while (planned.size() < rounds) {
            var victims = plan.shuffled(DeploymentShape.SEVERAL.victims());
            var stages = plan.shuffled(List.of(AvatarStage.values()));
            for (int i = 0; i < victims.size() * stages.size() && planned.size() < rounds; i++) {
                int diagonal = i / stages.size();
                var victim = victims.get((i + diagonal) % victims.size());
                planned.add(plan.round(planned.size() + 1, victim, stages.get(i % stages.size())));
            }
        }
        return planned;
    }

    private AvatarKill round(int number, String victim, AvatarStage stage) {
        boolean isStored = random.nextBoolean() || !stage.callsProvider();
        return new AvatarKill(
                number,
                victim,
                stage,
                isStored,
                Duration.ofMillis(random.nextInt(isStored ? MAX_DELAY_WHILE_HELD_MILLIS : MAX_DELAY_MILLIS)),
                Duration.ofMillis(random.nextInt(MAX_DOWNTIME_MILLIS)),
                random.nextLong());
    }

    private <T> List<T> shuffled(List<T> list) {
        var shuffled = new ArrayList<>(list);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }
}
