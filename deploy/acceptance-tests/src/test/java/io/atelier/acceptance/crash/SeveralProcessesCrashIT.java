package io.atelier.acceptance.crash;

import io.atelier.acceptance.crash.plan.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Broker, store, gateway, workers: one of them breaks while the others go on. */
@Tag("crash")
class SeveralProcessesCrashIT {

    @TestFactory
    Stream<DynamicTest> noJobIsLostDoubledOrMisreported() {
        return Pass.of(Shape.SEVERAL);
    }
}
