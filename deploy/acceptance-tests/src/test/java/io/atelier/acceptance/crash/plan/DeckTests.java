package io.atelier.acceptance.crash.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeckTests {

    @Test
    void seedStandsForTheSameRoundsEveryTime() {
        assertThat(Deck.draw(Shape.SEVERAL, 7, 20))
                .isEqualTo(Deck.draw(Shape.SEVERAL, 7, 20))
                .isNotEqualTo(Deck.draw(Shape.SEVERAL, 8, 20));
    }

    @Test
    void fewerRoundsAreTheFirstOfMore() {
        assertThat(Deck.draw(Shape.STANDALONE, 7, 20))
                .startsWith(Deck.draw(Shape.STANDALONE, 7, 6).toArray(Round[]::new));
    }

    @Test
    void everyVictimIsKilledAtEveryStageBeforeAnyIsAgain() {
        var kills = Deck.draw(Shape.SEVERAL, 3, 50).stream()
                .filter(round -> round.fault() == Fault.KILL)
                .map(round -> round.victim() + " " + round.stage())
                .toList();

        assertThat(kills).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void fiveKillsInARowDifferInVictimAndStage() {
        var kills = Deck.draw(Shape.SEVERAL, 3, 10).stream()
                .filter(round -> round.fault() == Fault.KILL)
                .toList();

        assertThat(kills).extracting(Round::victim).containsExactlyInAnyOrderElementsOf(Shape.SEVERAL.victims());
        assertThat(kills).extracting(Round::stage).containsExactlyInAnyOrder(Stage.values());
    }

    @Test
    void standaloneIsNeverAskedForAStoreOfItsOwn() {
        assertThat(Deck.draw(Shape.STANDALONE, 3, 50))
                .allMatch(round -> round.victim().equals("standalone"))
                .noneMatch(round -> round.fault() == Fault.SLOW_STORE || round.fault() == Fault.FAILING_STORE);
    }

    @Test
    void onlyTheFaultsThatAreWantedAreDrawn() {
        assertThat(Deck.draw(Shape.STANDALONE, 3, 9, Set.of(Fault.CLOCK_JUMP)))
                .hasSize(9)
                .allMatch(round -> round.fault() == Fault.CLOCK_JUMP);
        assertThat(Deck.draw(Shape.SEVERAL, 3, 9, Set.of(Fault.KILL, Fault.FREEZE)))
                .extracting(Round::fault)
                .containsOnly(Fault.KILL, Fault.FREEZE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Deck.draw(Shape.STANDALONE, 3, 1, Set.of(Fault.SLOW_STORE)))
                .withMessage("The shape standalone knows none of the faults [slow-store]");
    }

    @Test
    void everyFaultOccursAmongTheRoundsOfAFewSeeds() {
        var faults = IntStream.range(0, 3)
                .boxed()
                .flatMap(seed -> Deck.draw(Shape.SEVERAL, seed, 20).stream())
                .map(Round::fault)
                .distinct();

        assertThat(faults).containsExactlyInAnyOrder(Fault.values());
    }
}
