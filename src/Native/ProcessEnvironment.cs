using System.Runtime.InteropServices;

namespace ExecutionPipeline.Native;

/// <summary>
/// The environment as native code sees it. The runtime works on a copy of its own outside Windows, so what
/// <see cref="Environment.SetEnvironmentVariable(string, string)"/> sets reaches no native library.
/// </summary>
public static partial class ProcessEnvironment
{
    /// <summary>
    /// Sets a variable for managed code, native code and the processes that are started from here on. Call it before
    /// the library that reads the variable is loaded, and not while another thread may set one.
    /// </summary>
    /// <exception cref="ArgumentException">The name is empty or has an equals sign.</exception>
    /// <exception cref="InvalidOperationException">The system refuses the variable.</exception>
    public static void Set(string name, string value)
    {
        Environment.SetEnvironmentVariable(name, value);
        if (!OperatingSystem.IsWindows() && SetEnv(name, value, 1) != 0)
            throw new InvalidOperationException($"The system does not take the environment variable {name}.");
    }

    /// <summary>What native code reads of a variable; null: it is not set.</summary>
    public static string? Native(string name) => OperatingSystem.IsWindows()
        ? Environment.GetEnvironmentVariable(name)
        : Marshal.PtrToStringUTF8(GetEnv(name));

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnv(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetEnv(string name);
}
