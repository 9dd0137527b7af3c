package io.atelier.acceptance.crash;

import io.atelier.acceptance.crash.plan.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** One JVM that is killed, frozen, starved and misled, and starts again from its folder. */
@Tag("crash")
class StandaloneCrashIT {

    @TestFactory
    Stream<DynamicTest> noJobIsLostDoubledOrMisreported() {
        return Pass.of(Shape.STANDALONE);
    }
}
