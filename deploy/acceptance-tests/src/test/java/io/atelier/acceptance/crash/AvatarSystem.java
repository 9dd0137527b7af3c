package io.atelier.acceptance.crash;

import io.atelier.acceptance.crash.plan.AvatarKill;
import io.atelier.acceptance.crash.reader.AvatarObserver;
import io.atelier.acceptance.crash.reader.ProviderCallProbe;
import io.atelier.avatarsample.provider.ProviderEndpoint;
import io.atelier.avatarsample.provider.ProviderScript;
import io.atelier.avatarsample.provider.ScriptedProvider;
import io.atelier.embedded.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;

/** A system in several processes that makes avatars, and its provider, which runs in this JVM and takes seconds for each answer. */
final class AvatarSystem implements CrashTestRun.Target<AvatarKill> {

    /** So that a kill hits the stage. */
    private static final Duration PROMPT_TIME = Duration.ofSeconds(1);

    private static final Duration IMAGE_TIME = Duration.ofMillis(1_500);

    /** The smallest whose tiles are not too small. */
    private static final int SIDE = 256;

    private static final Duration FIRST_AVATAR_TIMEOUT = Duration.ofMinutes(2);

    private final SystemUnderTest system;
    private final ScriptedProvider provider;
    private final ProviderCallProbe calls;
    private final AvatarObserver observer;
    private final long seed;

    private AvatarSystem(SystemUnderTest system, int providerPort, long seed) {
        this.system = system;
        this.seed = seed;
        this.calls = new ProviderCallProbe(system.topics(), system.store(), LoadGenerator.PERSONA_PREFIX);
        this.provider = ScriptedProvider.start(script(), providerPort, calls::accept);
        this.observer =
                new AvatarObserver(system.topics(), system.imageProbe(), system.store(), system.proxy()::writes, calls);
    }

    /** Starts a system with a new data folder, and returns when it has made an avatar. */
    static AvatarSystem start(Path data, long seed) {
        int port = LoopbackPorts.freePort();
        var address = "http://127.0.0.1:" + port;
        var settings = Map.of(
                "OPENAI_API_KEY",
                "the-scripted-provider-takes-any",
                "OPENAI_BASE_URL",
                address + "/v1",
                "FLOWISE_URL",
                address,
                "FLOWISE_FLOW",
                "avatar-prompts");
        var avatars = new AvatarSystem(SystemUnderTest.withSettings(settings, data, seed), port, seed);
        try {
            avatars.awaitFirstAvatar();
            return avatars;
        } catch (RuntimeException | Error e) {
            avatars.close();
            throw e;
        }
    }

    SystemUnderTest system() {
        return system;
    }

    ProviderCallProbe calls() {
        return calls;
    }

    AvatarObserver observer() {
        return observer;
    }

    @Override
    public List<String> run(AvatarKill round) throws InterruptedException {
        return AvatarRoundRunner.of(this, round, seed);
    }

    @Override
    public void close() {
        try {
            system.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            provider.close();
        }
    }

    /** Avatars are refused until a worker has reported its engines. */
    private void awaitFirstAvatar() {
        try (var load = new LoadGenerator(system.client(), seed, LoadGenerator.Kind.PERSONAS)) {
            Awaitility.await("an accepted avatar").atMost(FIRST_AVATAR_TIMEOUT).until(() -> {
                load.send();
                return !load.accepted().isEmpty();
            });
            var unfinished = system.observer().unfinished(Set.copyOf(load.accepted()), FIRST_AVATAR_TIMEOUT);
            if (!unfinished.isEmpty()) {
                throw new IllegalStateException("The first avatar did not end:\n" + system.logs());
            }
        }
    }

    private static ProviderScript script() {
        return ProviderScript.immediate()
                .withSide(SIDE)
                .withDelay(ProviderEndpoint.PREDICTIONS, PROMPT_TIME)
                .withDelay(ProviderEndpoint.GENERATIONS, IMAGE_TIME)
                .withDelay(ProviderEndpoint.EDITS, IMAGE_TIME);
    }
}
