package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import io.atelier.generator.engine.GenerationFailed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The environment of ONNX Runtime, one for the process.
 *
 * <p>ONNX Runtime releases it in a hook that the JVM runs when the process ends, at the same time as all others. A thread that loads or evaluates a
 * network then uses memory that was freed, and the process ends by SIGSEGV instead of by its signal. So the environment has a second reference that
 * is never released: it is there until the operating system takes the memory of the process back.
 */
final class OnnxEnvironment {

    private static final Logger LOG = LoggerFactory.getLogger(OnnxEnvironment.class);
    private static final OrtLoggingLevel LEVEL = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING;
    private static final String NAME = "atelier";

    private OnnxEnvironment() {}

    /**
     * Returns the environment, which the first call creates.
     *
     * @throws GenerationFailed if there is no native library for this machine
     */
    static OrtEnvironment get() {
        try {
            return Holder.ENVIRONMENT;
        } catch (LinkageError e) {
            throw OnnxFailures.noNativeLibrary(e);
        }
    }

    private static OrtEnvironment create() {
        var environment = OrtEnvironment.getEnvironment(LEVEL, NAME);
        try {
            // The native side counts references, but the Java side has no method for a second one.
            var api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            var reference = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
            api.setAccessible(true);
            reference.setAccessible(true);
            reference.invoke(null, api.getLong(null), LEVEL.getValue(), NAME);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("This ONNX Runtime is not the one of this worker; the process may crash when it is stopped", e);
        }
        return environment;
    }

    private static final class Holder {
        static final OrtEnvironment ENVIRONMENT = create();
    }
}
