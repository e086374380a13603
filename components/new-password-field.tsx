import type { ComponentProps } from "react";
import { TextField } from "@/components/ui/field";

export function NewPasswordField(props: ComponentProps<typeof TextField>) {
  return (
    <TextField
      hint="8 to 128 characters; a few words in a row are good."
      type="password"
      autoComplete="new-password"
      maxLength={128}
      {...props}
    />
  );
}
