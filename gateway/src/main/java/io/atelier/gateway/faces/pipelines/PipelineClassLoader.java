package io.atelier.gateway.faces.pipelines;

import io.atelier.pipeline.Pipeline;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * Loads the classes of one jar. Of all other classes it has those of the JDK, those that a pipeline implements, and the logging facade; no libraries
 * of the gateway, so that a jar can bring its own.
 */
final class PipelineClassLoader extends URLClassLoader {

    static {
        ClassLoader.registerAsParallelCapable();
    }

    PipelineClassLoader(URL jar) {
        super("pipeline", new URL[] {jar}, new Shared());
    }

    /** The classes that all jars share with the gateway. */
    private static final class Shared extends ClassLoader {

        static {
            ClassLoader.registerAsParallelCapable();
        }

        private static final ClassLoader GATEWAY = Pipeline.class.getClassLoader();

        Shared() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("io.atelier.pipeline.") || name.startsWith("org.slf4j.")) {
                return GATEWAY.loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
