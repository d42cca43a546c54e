package rookery.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Hears SIGTERM and SIGINT each time that they come. A shutdown hook hears the first alone, and
/// the JVM is half gone by then: programs that serve others end by their own will, and a second
/// signal is to mean something.
///
/// The JDK's way to signals is `sun.misc.Signal`, which is exported to all but which the compiler
/// warns of without a way to say that it is meant; hence by reflection.
final class Signals {
    private Signals() {}

    /// From now on each of the two signals calls this, on a thread of its own, and does nothing
    /// else.
    @SuppressWarnings("ReferenceEquality") // a proxy is nobody but itself
    static void each(Runnable heard) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(),
                            new Class<?>[] {handler},
                            (self, method, arguments) ->
                                    switch (method.getName()) {
                                        case "handle" -> {
                                            heard.run();
                                            yield null;
                                        }
                                        case "equals" -> self == arguments[0];
                                        case "hashCode" -> System.identityHashCode(self);
                                        default -> "rookery's signals";
                                    });
            for (String name : new String[] {"TERM", "INT"}) {
                Object one = signal.getConstructor(String.class).newInstance(name);
                signal.getMethod("handle", signal, handler).invoke(null, one, proxy);
            }
        } catch (ReflectiveOperationException e) {
            Throwable why =
                    e instanceof InvocationTargetException && e.getCause() != null
                            ? e.getCause()
                            : e;
            throw new RookeryException(
                    Blame.HOST,
                    "this JVM lets nobody hear SIGTERM: " + why + "; start it without -Xrs",
                    why);
        }
    }
}
