using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;

namespace ExecutionPipeline.Disruptor.Processing;

/// <summary>
/// The attribute by which the runtime lets an assembly made at run time use types that are not public. The runtime
/// knows it by its name; no assembly declares it, so it is defined in the assembly that bears it.
/// </summary>
internal static class IgnoresAccessChecksAttribute
{
    private const string Name = "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute";

    /// <summary>Defines the attribute in <paramref name="module"/>.</summary>
    /// <returns>Its constructor, which takes the name of the assembly that is opened.</returns>
    [RequiresDynamicCode("Makes a type at run time.")]
    public static ConstructorInfo Define(ModuleBuilder module)
    {
        var attribute = module.DefineType(Name, TypeAttributes.Public | TypeAttributes.Class, typeof(Attribute));
        AllowManyPerAssembly(attribute);

        var assemblyName = attribute.DefineField("_assemblyName", typeof(string), FieldAttributes.Private);
        DefineProperty(attribute, assemblyName);
        var constructor = attribute.DefineConstructor(
            MethodAttributes.Public,
            CallingConventions.HasThis,
            [typeof(string)]);

        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stfld, assemblyName);
        il.Emit(OpCodes.Ret);

        return attribute.CreateType().GetConstructor([typeof(string)])!;
    }

    private static void DefineProperty(TypeBuilder attribute, FieldBuilder assemblyName)
    {
        var property = attribute.DefineProperty("AssemblyName", PropertyAttributes.None, typeof(string), null);
        var getter = attribute.DefineMethod(
            "get_AssemblyName",
            MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.HideBySig,
            typeof(string),
            null);

        var il = getter.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, assemblyName);
        il.Emit(OpCodes.Ret);
        property.SetGetMethod(getter);
    }

    private static void AllowManyPerAssembly(TypeBuilder attribute)
    {
        var usage = typeof(AttributeUsageAttribute);
        attribute.SetCustomAttribute(new CustomAttributeBuilder(
            usage.GetConstructor([typeof(AttributeTargets)])!,
            [AttributeTargets.Assembly],
            [usage.GetProperty(nameof(AttributeUsageAttribute.AllowMultiple))!],
            [true]));
    }
}
