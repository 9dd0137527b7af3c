package io.atelier.acceptance.crash.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rounds that a seed stands for. Kills and other faults take turns; of either, each is drawn once before any is drawn again, and five
 * kills in a row differ in victim and stage where they can.
 */
public final class Deck {

    /** Longer than the 30 s that a worker's lease lasts. */
    private static final Duration SUSPENSION = Duration.ofSeconds(35);

    private static final Duration INTERRUPTION = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(6);

    private final Shape shape;
    private final Random random;

    private Deck(Shape shape, long seed) {
        this.shape = shape;
        this.random = new Random(seed * 31 + shape.name().hashCode());
    }

    /** The first rounds of a seed. */
    public static List<Round> draw(Shape shape, long seed, int rounds) {
        return draw(shape, seed, rounds, Set.of());
    }

    /**
     * The first rounds of a seed, of some faults only.
     *
     * @param only the faults that are wanted, to find out about them; none: all, as a pass has them
     */
    public static List<Round> draw(Shape shape, long seed, int rounds, Set<Fault> only) {
        var deck = new Deck(shape, seed);
        var drawn = new ArrayList<Round>();
        List<Card> kills = new ArrayList<>();
        List<Card> others = new ArrayList<>();
        while (drawn.size() < rounds) {
            if (kills.isEmpty()) {
                kills.addAll(wanted(deck.kills(), only));
            }
            if (others.isEmpty()) {
                others.addAll(wanted(deck.others(), only));
            }
            if (kills.isEmpty() && others.isEmpty()) {
                throw new IllegalArgumentException("The shape %s knows none of the faults %s".formatted(shape, only));
            }
            var cards = others.isEmpty() || (drawn.size() % 2 == 0 && !kills.isEmpty()) ? kills : others;
            drawn.add(deck.round(drawn.size() + 1, cards.remove(0)));
        }
        return drawn;
    }

    private static List<Card> wanted(List<Card> cards, Set<Fault> only) {
        return cards.stream()
                .filter(card -> only.isEmpty() || only.contains(card.fault))
                .toList();
    }

    private List<Card> kills() {
        var victims = shuffled(shape.victims());
        var stages = shuffled(List.of(Stage.values()));
        var kills = new ArrayList<Card>();
        for (int diagonal = 0; diagonal < victims.size(); diagonal++) {
            for (int i = 0; i < stages.size(); i++) {
                kills.add(new Card(Fault.KILL, victims.get((i + diagonal) % victims.size()), stages.get(i)));
            }
        }
        return kills;
    }

    private List<Card> others() {
        var others = shape == Shape.STANDALONE
                ? cards("standalone", Fault.OUTAGE, Fault.FREEZE, Fault.SUSPEND, Fault.DISK_FULL, Fault.CLOCK_JUMP)
                : Stream.of(
                                cards("broker", Fault.OUTAGE, Fault.FREEZE, Fault.CLOCK_JUMP),
                                cards(
                                        "store",
                                        Fault.OUTAGE,
                                        Fault.FREEZE,
                                        Fault.SLOW_STORE,
                                        Fault.FAILING_STORE,
                                        Fault.DISK_FULL),
                                cards("gateway", Fault.SUSPEND, Fault.CLOCK_JUMP),
                                cards("generator", Fault.SUSPEND, Fault.CLOCK_JUMP))
                        .flatMap(List::stream)
                        .toList();
        return shuffled(others);
    }

    private static List<Card> cards(String victim, Fault... faults) {
        return List.of(faults).stream()
                .map(fault -> new Card(fault, victim, Stage.RUNNING))
                .toList();
    }

    private Round round(int number, Card card) {
        return new Round(
                number,
                shape,
                card.fault,
                card.victim,
                card.stage,
                Duration.ofMillis(random.nextInt(longestDelay(card.stage))),
                lasting(card.fault),
                card.fault == Fault.CLOCK_JUMP ? Duration.ofSeconds(60 + random.nextInt(7_200)) : Duration.ZERO,
                random.nextLong());
    }

    /** The later stages last for milliseconds only. */
    private static int longestDelay(Stage stage) {
        return switch (stage) {
            case ACCEPTED, LEASED -> 40;
            case RUNNING -> 400;
            case STORED_NOT_REPORTED, REPORTED_NOT_ANNOUNCED -> 3;
        };
    }

    private Duration lasting(Fault fault) {
        return switch (fault) {
            case KILL -> Duration.ofMillis(random.nextInt(2_000));
            case OUTAGE, FREEZE, SLOW_STORE, FAILING_STORE -> INTERRUPTION;
            case SUSPEND -> SUSPENSION;
            case DISK_FULL, CLOCK_JUMP -> LIMIT;
        };
    }

    private <T> List<T> shuffled(List<T> some) {
        var shuffled = new ArrayList<>(some);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private record Card(Fault fault, String victim, Stage stage) {}
}
