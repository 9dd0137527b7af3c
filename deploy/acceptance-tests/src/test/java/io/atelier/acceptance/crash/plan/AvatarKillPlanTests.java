package io.atelier.acceptance.crash.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AvatarKillPlanTests {

    @Test
    void aSeedAlwaysGivesTheSameRounds() {
        assertThat(AvatarKillPlan.rounds(7, 30))
                .hasSize(30)
                .isEqualTo(AvatarKillPlan.rounds(7, 30))
                .isNotEqualTo(AvatarKillPlan.rounds(8, 30))
                .startsWith(AvatarKillPlan.rounds(7, 5).toArray(AvatarKill[]::new));
    }

    @Test
    void everyPartIsKilledAtEveryStageBeforeARepetition() {
        assertThat(AvatarKillPlan.rounds(3, 25))
                .extracting(round -> round.victim() + " " + round.stage())
                .doesNotHaveDuplicates();
    }

    @Test
    void fiveConsecutiveKillsDifferInVictimAndStage() {
        var rounds = AvatarKillPlan.rounds(3, 10).subList(5, 10);

        assertThat(rounds)
                .extracting(AvatarKill::victim)
                .containsExactlyInAnyOrderElementsOf(DeploymentShape.SEVERAL.victims());
        assertThat(rounds).extracting(AvatarKill::stage).containsExactlyInAnyOrder(AvatarStage.values());
    }

    @Test
    void stagesThatTakeMillisecondsAreHeld() {
        assertThat(AvatarKillPlan.rounds(3, 50))
                .filteredOn(round -> round.stage() == AvatarStage.SPLITTING || round.stage() == AvatarStage.PUBLISHING)
                .hasSize(20)
                .allMatch(AvatarKill::isStored);
        assertThat(AvatarKillPlan.rounds(3, 50))
                .extracting(AvatarKill::isStored)
                .contains(false);
    }

    @Test
    void aStageKnowsItsTasksAndWhatTheyStore() {
        var folder = "/atelier/jobs/2026/12/gen_1/";

        assertThat(AvatarStage.BASE.hasTask("base")).isTrue();
        assertThat(AvatarStage.BASE.stores(folder + "base-1/0.png")).isTrue();
        assertThat(AvatarStage.BASE.stores(folder + "base-1/prompt.txt")).isFalse();
        assertThat(AvatarStage.PROMPTING.hasTask("prompt-1")).isTrue();
        assertThat(AvatarStage.PROMPTING.stores(folder + "prompt-1-2/prompt.txt"))
                .isTrue();
        assertThat(AvatarStage.PROMPTING.stores(folder + "base-1/prompt.txt")).isFalse();
        assertThat(AvatarStage.GRIDS.stores(folder + "grid-0-1/0.png")).isTrue();
        assertThat(AvatarStage.SPLITTING.hasTask("split-0")).isTrue();
        assertThat(AvatarStage.SPLITTING.stores(folder + "split-0-1/3.png")).isTrue();
        assertThat(AvatarStage.PUBLISHING.stores("/avatars/avatars/crash-1-2/img_1.png"))
                .isTrue();
        assertThat(AvatarStage.PUBLISHING.stores("/avatars/avatars/crash-1-2/img_0.png"))
                .isFalse();
    }
}
