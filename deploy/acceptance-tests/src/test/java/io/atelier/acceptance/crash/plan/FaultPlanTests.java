package io.atelier.acceptance.crash.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultPlanTests {

    @Test
    void aSeedAlwaysGivesTheSameRounds() {
        assertThat(FaultPlan.rounds(DeploymentShape.SEVERAL, 7, 20))
                .isEqualTo(FaultPlan.rounds(DeploymentShape.SEVERAL, 7, 20))
                .isNotEqualTo(FaultPlan.rounds(DeploymentShape.SEVERAL, 8, 20));
    }

    @Test
    void fewerRoundsAreAPrefixOfMore() {
        assertThat(FaultPlan.rounds(DeploymentShape.STANDALONE, 7, 20))
                .startsWith(FaultPlan.rounds(DeploymentShape.STANDALONE, 7, 6).toArray(FaultRound[]::new));
    }

    @Test
    void everyVictimIsKilledAtEveryStageBeforeARepetition() {
        var kills = FaultPlan.rounds(DeploymentShape.SEVERAL, 3, 50).stream()
                .filter(round -> round.fault() == Fault.KILL)
                .map(round -> round.victim() + " " + round.stage())
                .toList();

        assertThat(kills).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void fiveConsecutiveKillsDifferInVictimAndStage() {
        var kills = FaultPlan.rounds(DeploymentShape.SEVERAL, 3, 10).stream()
                .filter(round -> round.fault() == Fault.KILL)
                .toList();

        assertThat(kills)
                .extracting(FaultRound::victim)
                .containsExactlyInAnyOrderElementsOf(DeploymentShape.SEVERAL.victims());
        assertThat(kills).extracting(FaultRound::stage).containsExactlyInAnyOrder(JobStage.values());
    }

    @Test
    void standaloneHasNoStoreFaults() {
        assertThat(FaultPlan.rounds(DeploymentShape.STANDALONE, 3, 50))
                .allMatch(round -> round.victim().equals("standalone"))
                .noneMatch(round -> round.fault() == Fault.SLOW_STORE || round.fault() == Fault.FAILING_STORE);
    }

    @Test
    void onlyTheGivenFaultsOccur() {
        assertThat(FaultPlan.rounds(DeploymentShape.STANDALONE, 3, 9, Set.of(Fault.CLOCK_JUMP)))
                .hasSize(9)
                .allMatch(round -> round.fault() == Fault.CLOCK_JUMP);
        assertThat(FaultPlan.rounds(DeploymentShape.SEVERAL, 3, 9, Set.of(Fault.KILL, Fault.FREEZE)))
                .extracting(FaultRound::fault)
                .containsOnly(Fault.KILL, Fault.FREEZE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultPlan.rounds(DeploymentShape.STANDALONE, 3, 1, Set.of(Fault.SLOW_STORE)))
                .withMessage("The shape standalone supports none of the faults [slow-store]");
    }

    @Test
    void everyFaultOccursInTheRoundsOfThreeSeeds() {
        var faults = IntStream.range(0, 3)
                .boxed()
                .flatMap(seed -> FaultPlan.rounds(DeploymentShape.SEVERAL, seed, 20).stream())
                .map(FaultRound::fault)
                .distinct();

        assertThat(faults).containsExactlyInAnyOrder(Fault.values());
    }
}
