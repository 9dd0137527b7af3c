package io.atelier.acceptance.crash;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Crash tests of avatars: one process of several is killed at a stage of an avatar, and nothing that is paid for is made twice. */
@Tag("crash")
class AvatarCrashIT {

    @TestFactory
    Stream<DynamicTest> noAvatarIsLostPublishedInPartOrMadeTwice() {
        return CrashTestRun.ofAvatars();
    }
}
