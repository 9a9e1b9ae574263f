using System.Reflection;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Execution.State;

/// <summary>
/// The bytes of a structure that belong to none of its fields. What is in them follows from how the compiler copied
/// it, and must not count as state.
/// </summary>
internal static class Gaps<T>
    where T : unmanaged
{
    private static readonly (int Start, int Length)[] Ranges = Find();

    /// <summary>Sets the gaps of elements to 0.</summary>
    public static void Clear(Span<byte> elements)
    {
        if (Ranges.Length == 0)
            return;

        for (var first = 0; first < elements.Length; first += Unsafe.SizeOf<T>())
        {
            foreach (var (start, length) in Ranges)
                elements.Slice(first + start, length).Clear();
        }
    }

    /// <summary>Whether there are any.</summary>
    public static bool AreAny => Ranges.Length > 0;

    /// <summary>Whether two elements have the same in all their fields, whatever is in their gaps.</summary>
    public static bool AreSameBeside(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var from = 0;
        foreach (var (start, length) in Ranges)
        {
            if (!left[from..start].SequenceEqual(right[from..start]))
                return false;

            from = start + length;
        }

        return left[from..].SequenceEqual(right[from..]);
    }

    private static (int Start, int Length)[] Find()
    {
        var isField = FieldBytes.Of(typeof(T));
        var ranges = new List<(int, int)>();
        for (var start = 0; start < isField.Length; start++)
        {
            var end = start;
            while (end < isField.Length && !isField[end])
                end++;
            if (end > start)
                ranges.Add((start, end - start));
            start = end;
        }

        return [.. ranges];
    }
}

/// <summary>Which bytes of a type's values are those of a field.</summary>
internal static class FieldBytes
{
    public static bool[] Of(Type type)
    {
        var size = RuntimeHelpers.SizeOf(type.TypeHandle);
        var isField = new bool[size];
        if (type.IsPrimitive || type.IsEnum || (!type.IsExplicitLayout && SizeOfFields(type) == size))
        {
            Array.Fill(isField, true);
            return isField;
        }

        foreach (var field in FieldsOf(type))
        {
            var own = Of(field.FieldType);
            var start = StartOf(type, field);
            for (var i = 0; i < size - start && (i < own.Length || IsInline(type)); i++)
                isField[start + i] |= own[i % own.Length];
        }

        return isField;
    }

    private static int SizeOfFields(Type type)
    {
        if (type.IsPrimitive || type.IsEnum)
            return RuntimeHelpers.SizeOf(type.TypeHandle);

        var sum = FieldsOf(type).Sum(static field => SizeOfFields(field.FieldType));
        return sum * (type.GetCustomAttribute<InlineArrayAttribute>()?.Length ?? 1);
    }

    /// <summary>The first byte that changes when a field of all ones is set.</summary>
    private static int StartOf(Type type, FieldInfo field)
    {
        var ones = RuntimeHelpers.GetUninitializedObject(field.FieldType);
        BytesOf(ones, RuntimeHelpers.SizeOf(field.FieldType.TypeHandle)).Fill(byte.MaxValue);
        var owner = RuntimeHelpers.GetUninitializedObject(type);
        field.SetValue(owner, ones);
        return BytesOf(owner, RuntimeHelpers.SizeOf(type.TypeHandle)).IndexOfAnyExcept((byte)0);
    }

    private static FieldInfo[] FieldsOf(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private static bool IsInline(Type type) => type.IsDefined(typeof(InlineArrayAttribute));

    private static Span<byte> BytesOf(object boxed, int size) =>
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref Unsafe.As<StrongBox<byte>>(boxed).Value, size);
}
