package io.atelier.acceptance.crash;

import io.atelier.acceptance.crash.fault.ShiftedClock;
import io.atelier.acceptance.crash.fault.StoreProxy.Mood;
import io.atelier.acceptance.crash.fault.WriteLimit;
import io.atelier.acceptance.crash.plan.Round;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Breaks a part of the system in the way of the round, and mends it again. */
final class Breaking {

    /** Less than the smallest picture, so that not one can be written. */
    private static final long SMALL_FILE = 64;

    private static final byte[] PROBE = new byte[8192];

    private final Installation system;
    private final Round round;
    private final Optional<ShiftedClock> clock;
    private final List<String> complaints = new ArrayList<>();

    Breaking(Installation system, Round round, Optional<ShiftedClock> clock) {
        this.system = system;
        this.round = round;
        this.clock = clock;
    }

    /** What has to be done before there are jobs. */
    void prepare(String victim) {
        clock.ifPresent(shifted -> restart(victim, shifted.environment()));
    }

    /**
     * Returns when all is mended, though the system may need a while yet to be ready.
     *
     * @param untilBroken run as soon as the victim is broken
     */
    void run(String victim, Runnable untilBroken) throws InterruptedException {
        switch (round.fault()) {
            case KILL, OUTAGE -> {
                system.process(victim).kill();
                untilBroken.run();
                pause(round.lasting());
                system.start(victim, Map.of());
            }
            case FREEZE, SUSPEND -> {
                system.process(victim).freeze();
                untilBroken.run();
                pause(round.lasting());
                system.process(victim).thaw();
            }
            case SLOW_STORE -> moody(Mood.SLOW, untilBroken);
            case FAILING_STORE -> moody(Mood.FAILING, untilBroken);
            case DISK_FULL -> fillDisk(victim, untilBroken);
            case CLOCK_JUMP -> jump(victim, untilBroken);
        }
        system.awaitReady();
    }

    /** What has to be done when all jobs of the round are over. */
    void tidyUp(String victim) {
        clock.ifPresent(shifted -> restart(victim, Map.of()));
    }

    /** What was not as it has to be while the part was broken. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    private void restart(String victim, Map<String, String> environment) {
        system.process(victim).close();
        system.start(victim, environment);
        system.awaitReady();
    }

    private void moody(Mood mood, Runnable untilBroken) throws InterruptedException {
        int before = system.proxy().faults();
        system.proxy().be(mood);
        untilBroken.run();
        pause(round.lasting());
        system.proxy().be(Mood.WELL);
        if (system.proxy().faults() == before) {
            complaints.add("no request met the " + round.fault());
        }
    }

    private void fillDisk(String victim, Runnable untilBroken) throws InterruptedException {
        var process = system.process(victim);
        WriteLimit.set(process.pid(), SMALL_FILE);
        untilBroken.run();
        if (system.store().takes("probes/full-" + round.number() + ".bin", PROBE)) {
            complaints.add("the store took an object though its disk is full");
        }
        pause(round.lasting());
        WriteLimit.lift(process.pid());
        if (!process.alive()) {
            // A broker on a full disk ends itself; whoever watches it starts it again.
            system.start(victim, Map.of());
        }
        system.awaitReady();
        if (!system.store().takes("probes/free-" + round.number() + ".bin", PROBE)) {
            complaints.add("the store takes nothing though its disk is free again");
        }
    }

    private void jump(String victim, Runnable untilBroken) throws InterruptedException {
        var shifted = clock.orElseThrow();
        int before = system.restarts(victim);
        untilBroken.run();
        for (var by : List.of(round.shift(), round.shift().negated(), Duration.ZERO)) {
            shifted.shift(by);
            pause(round.lasting().dividedBy(2));
        }
        if (system.restarts(victim) == before) {
            complaints.add("the clock was set back, and the process went on");
        }
    }

    private static void pause(Duration time) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(time.toMillis());
    }
}
